import { computed, signal } from '@preact/signals';
import type { Link } from '../../src/client/index.ts';
import type {
  EmotionFrame,
  LiveMessage,
  ServerNotice,
  SessionNotice,
  StreamEvent,
  StreamInfo,
} from '../../src/types.ts';
import { addPainter, requestPaint } from './frame-loop.ts';
import { StreamRecord } from './stream-record.ts';

/** Every stream heard of; not a signal, for it changes with every message. */
export const records = new Map<string, StreamRecord>();

/** Names in the order in which the picker shows them. */
export const names = signal<readonly string[]>([]);
export const chosen = signal<string | null>(null);
/** `refused`: for good, as for a token that is not known. */
export const link = signal<Link | { readonly state: 'refused'; readonly message: string }>({
  state: 'connecting',
});
/** Counts what may have left a hole: each new connection, each word that messages were skipped. */
export const holes = signal(0);
/** The server's newest word about itself, e.g. that its log cannot be written. */
export const notice = signal<ServerNotice | null>(null);
/** The newest word that a session has changed. */
export const sessionNews = signal<SessionNotice | null>(null);
/** Counts the drawn frames in which some stream had news; the picker's rows follow it. */
export const pulse = signal(0);

/** What the panels show of the chosen stream; replaced at most once per drawn frame. */
export interface Present {
  readonly frame: EmotionFrame | null;
  readonly lastMusic: EmotionFrame | null;
  readonly events: readonly StreamEvent[];
  readonly state: StreamInfo['state'];
}
const NOTHING: Present = { frame: null, lastMusic: null, events: [], state: 'running' };
export const present = signal<Present>(NOTHING);

/** The chosen stream's frames have stopped coming, whatever the reason. */
export const stale = signal(false);
const STALE_AFTER_MS = 4000;
/** Streams remembered after they have stopped, together with those that run. */
const RECORDS_KEPT = 400;

export const chosenRecord = computed(() => {
  names.value; // a stream may be chosen (by the address) before it is heard of
  return chosen.value === null ? null : (records.get(chosen.value) ?? null);
});

/** What is shown is true now, not the last that was heard. */
export const current = computed(
  () => present.value.state === 'running' && !stale.value && link.value.state === 'open',
);

let changed = false;

function recordOf(name: string): StreamRecord {
  let known = records.get(name);
  if (known === undefined) {
    forgetOne();
    known = new StreamRecord(name);
    records.set(name, known);
    names.value = [...records.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }
  return known;
}

/** A wall display runs for months, and clients come and go under ever new names. */
function forgetOne(): void {
  if (records.size < RECORDS_KEPT) return;
  for (const { name, state } of records.values()) {
    if (state === 'stopped' && name !== chosen.peek()) {
      records.delete(name);
      return;
    }
  }
}

export function take(message: LiveMessage): void {
  switch (message.type) {
    case 'emotion':
      recordOf(message.stream).takeFrame(message, performance.now());
      break;
    case 'hello':
      // A restarted server may have forgotten streams that it had.
      for (const known of records.values()) known.state = 'stopped';
      for (const info of message.streams) recordOf(info.stream).takeInfo(info, performance.now());
      holes.value++;
      break;
    case 'notice':
      notice.value = message.code === 'log-restored' ? null : message;
      break;
    case 'skipped':
      holes.value++;
      break;
    case 'error':
      // Followed by the close, which shows.
      break;
    case 'session':
      sessionNews.value = message;
      return;
    default:
      recordOf(message.stream).takeEvent(message);
  }
  if (chosen.peek() === null) chooseFirst();
  touch();
}

/** Something in the records changed: show it with the next drawn frame. */
export function touch(): void {
  changed = true;
  requestPaint();
}

export function choose(name: string): void {
  chosen.value = name;
  touch();
}

function chooseFirst(): void {
  const all = names.peek();
  const first = all.find((name) => records.get(name)?.state === 'running') ?? all[0];
  if (first !== undefined) chosen.value = first;
}

/** First painter of the page: moves what arrived into what is shown. */
addPainter((nowMs) => {
  const record = chosenRecord.peek();
  stale.value = record !== null && nowMs - record.heardAtMs > STALE_AFTER_MS;
  if (!changed) return false;
  changed = false;
  pulse.value++;
  if (record === null) {
    present.value = NOTHING;
    return false;
  }
  record.settle();
  const { last: frame, lastMusic, events, state } = record;
  present.value = { frame, lastMusic, events, state };
  return false;
});

// Silence on the wire draws no frame by itself: look once a second whether the data went stale.
setInterval(() => {
  if (!document.hidden) requestPaint();
}, 1000);
