import { batch, computed, signal } from '@preact/signals';
import type {
  ActiveAlert,
  FormerName,
  LiveHello,
  LiveMessage,
  ServerNotice,
  SessionNotice,
  StreamEvent,
  StreamRemoved,
} from '../../src/types.ts';
import { addPainter, requestPaint } from './paint-loop.ts';
import { StreamRecord } from './stream-record.ts';

/** Stopped streams are removed beyond this number: a wall display runs for months, and new names keep appearing. */
const MAX_RECORDS = 400;

/** All known streams by name. Not a signal, because it changes with every message: read `updates` beside it. */
export const records = new Map<string, StreamRecord>();
/** Counts the screen frames in which some record has changed. */
export const updates = signal(0);
/** In the order in which the picker shows them. */
export const streamNames = signal<readonly string[]>([]);

/** Name of the stream shown. */
export const chosen = signal<string | null>(null);
/** The record of the chosen stream after it was removed: what it was stays on the page. */
const removedRecord = signal<StreamRecord | null>(null);
/** Its record; null until the server has sent something of it (the address may name any stream). */
export const chosenRecord = computed(() => {
  streamNames.value;
  const name = chosen.value;
  if (name === null) return null;
  return records.get(name) ?? (removedRecord.value?.name === name ? removedRecord.value : null);
});

/** Changes with what is known of the chosen stream, not with the messages of others. */
export const chosenVersion = computed(() => {
  updates.value;
  return chosenRecord.value?.version;
});

/** The newest removal or renaming of a stream. It changes just before the stream's record does. */
export const removal = signal<StreamRemoved | null>(null);
/** The streams that were removed, with the name under which each goes on; null: none. */
const removedStreams = signal<ReadonlyMap<string, string | null>>(new Map());

/** The present name of a stream, another one if it was renamed; null if it was removed. */
export function nameNow(stream: string): string | null {
  const removed = removedStreams.value;
  let name: string | null = stream;
  while (name !== null && removed.has(name)) name = removed.get(name)!;
  return name;
}

/** The names that streams had before, newest first, by their present names. */
export const formerNames = signal<ReadonlyMap<string, readonly FormerName[]>>(new Map());

/** Counts the moments at which frames may be missing: each new connection, each report of skipped messages. */
export const possibleGaps = signal(0);
/** What the server is, from its newest hello; null before the first. */
export const server = signal<Pick<LiveHello, 'version' | 'model' | 'engine'> | null>(null);
/** How far the server's clock was ahead of this computer's at the newest hello, in ms; null if it is not known. */
let aheadMs: number | null = null;
/** The server's clock in ms since 1970, as far as its hello showed it; undefined if it was set since. */
const clockOfHello = (): number | undefined => (aheadMs === null ? undefined : Date.now() + aheadMs);
/** The newest frame shows the server's time only while it is younger than this. */
const FRESH_MS = 5_000;
/**
 * The server's clock in ms since 1970, because this computer's clock may be wrong; undefined if it is not known. The
 * newest frame of a stream shows it best; the one in the summary of a stream may be of any age.
 */
export function serverTimeMs(record: StreamRecord | null | undefined): number | undefined {
  const { last = null, emittedAtMs = null } = record ?? {};
  if (last === null || emittedAtMs === null) return clockOfHello();
  const ageMs = performance.now() - emittedAtMs;
  return ageMs < FRESH_MS ? Date.parse(last.time) + ageMs : clockOfHello();
}
/** Its clock as far as it is known, else this computer's, which may be wrong: for what is asked of its log. */
export const serverNowMs = (): number => clockOfHello() ?? Date.now();
/** The newest notice about the server itself, e.g. that its log cannot be written; null when resolved. */
export const serverNotice = signal<ServerNotice | null>(null);
/** The newest change of the server's clock. */
export const clockChange = signal<StreamEvent | null>(null);
/** The newest change of any session. */
export const sessionChange = signal<SessionNotice | null>(null);

/** An alert and its stream. */
export type StreamAlert = ActiveAlert & { readonly stream: string };
/** What changes with the alerts only: streams change with every message. */
const raised = computed(() => {
  updates.value;
  return JSON.stringify(
    [...records.values()].flatMap(({ name, alerts }) => alerts.map((one) => [name, one])),
  );
});
/** The raised alerts of all streams, newest first. */
export const alerts = computed<readonly StreamAlert[]>(() => {
  raised.value;
  const all = [...records.values()].flatMap(({ name, alerts }) =>
    alerts.map((alert) => ({ ...alert, stream: name })),
  );
  return all.sort((a, b) => b.time.localeCompare(a.time));
});

export function choose(name: string): void {
  chosen.value = name;
  scheduleUpdate();
}

/** Stores one message of `/v1/live`. */
export function receive(message: LiveMessage): void {
  switch (message.type) {
    case 'emotion':
      recordOf(message.stream).addFrame(message, performance.now());
      break;
    case 'hello':
      server.value = message;
      aheadMs = message.time === undefined ? null : Date.parse(message.time) - Date.now();
      // A restarted server may no longer have some streams.
      for (const known of records.values()) {
        known.interrupted();
        known.forget();
      }
      for (const info of message.streams) recordOf(info.stream).setInfo(info, performance.now());
      setFormerNames(
        message.streams.flatMap(({ stream, formerly }) => (formerly ? [[stream, formerly]] : [])),
      );
      for (const notice of message.removed ?? []) removeStream(notice);
      possibleGaps.value++;
      break;
    case 'notice':
      serverNotice.value = message.code === 'log-restored' ? null : message;
      break;
    case 'skipped':
      for (const known of records.values()) known.interrupted();
      possibleGaps.value++;
      break;
    case 'error':
      // The close that follows is shown.
      break;
    case 'session':
      sessionChange.value = message;
      return;
    case 'stream-removed':
      removeStream(message);
      break;
    case 'clock-changed':
      clockChange.value = message;
      aheadMs = null;
      recordOf(message.stream).addEvent(message);
      break;
    default:
      recordOf(message.stream).addEvent(message);
  }
  if (chosen.peek() === null) chooseFirst();
  scheduleUpdate();
}

let changed = false;

/** Call after changing a record: the panels follow with the next screen frame. */
export function scheduleUpdate(): void {
  changed = true;
  requestPaint();
}

/** Runs before the panels' painters. */
addPainter(() => {
  if (!changed) return false;
  changed = false;
  chosenRecord.peek()?.mergeLate();
  updates.value++;
  return false;
});

function recordOf(name: string): StreamRecord {
  let known = records.get(name);
  if (known === undefined) {
    if (records.size >= MAX_RECORDS) forgetStopped();
    known = new StreamRecord(name);
    records.set(name, known);
    if (removedStreams.peek().has(name)) {
      removedStreams.value = new Map([...removedStreams.peek()].filter(([removed]) => removed !== name));
    }
    updateNames();
  }
  return known;
}

function updateNames(): void {
  streamNames.value = [...records.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function setFormerNames(all: readonly (readonly [string, readonly FormerName[]])[]): void {
  const before = JSON.stringify([...formerNames.peek()]);
  if (JSON.stringify(all) !== before) formerNames.value = new Map(all);
}

/** A stream goes on under another name: with its curve, and its tile is there at once for the keyboard to stay on. */
function renameStream(before: StreamRecord, renamedTo: string, time: string): void {
  const known = formerNames.peek();
  const formerly = known.get(before.name) ?? [];
  const name = { stream: before.name, since: formerly[0]?.until ?? null, until: time };
  if (known.get(renamedTo)?.[0]?.stream !== before.name)
    formerNames.value = new Map([...known, [renamedTo, [name, ...formerly]]]);
  const record = recordOf(renamedTo);
  record.source ||= before.source;
  record.continueFrom(before);
}

/** Drops a stream. The chosen one is followed to its new name, or stays as it was until another view is opened. */
function removeStream(notice: StreamRemoved): void {
  const { stream, renamedTo = null } = notice;
  const record = records.get(stream);
  if (removedStreams.peek().get(stream) === renamedTo && record === undefined) return; // Known already.
  removal.value = notice;
  batch(() => {
    const known = [...removedStreams.peek()].slice(1 - MAX_RECORDS);
    removedStreams.value = new Map([...known, [stream, renamedTo] as const]);
    records.delete(stream);
    if (renamedTo !== null && record !== undefined) renameStream(record, renamedTo, notice.time);
    updateNames();
    if (chosen.peek() !== stream) return;
    if (renamedTo !== null) chosen.value = renamedTo;
    else if (record !== undefined) {
      record.remove();
      removedRecord.value = record;
    }
  });
}

/** Chooses another stream than one that was removed; none if there is none. */
export function chooseAnother(): void {
  chosen.value = null;
  removedRecord.value = null;
  chooseFirst();
}

function forgetStopped(): void {
  for (const { name, state } of records.values()) {
    if (state === 'stopped' && name !== chosen.peek()) {
      records.delete(name);
      return;
    }
  }
}

function chooseFirst(): void {
  const all = streamNames.peek();
  const first = all.find((name) => records.get(name)?.state === 'running') ?? all[0];
  if (first !== undefined) chosen.value = first;
}
