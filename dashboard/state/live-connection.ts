import { effect, signal } from '@preact/signals';
import { ApiError, type Link } from '../../src/client/index.ts';
import { STEP_SECONDS } from '../../src/types.ts';
import { client, errorMessage, needsToken } from './client.ts';
import { loadUntil } from './load-until.ts';
import { RING_STEPS } from './step-ring.ts';
import { emotionsOf } from './stream-log.ts';
import { chosen, possibleGaps, receive, records, scheduleUpdate, serverNowMs } from './streams.ts';

/** `refused` is final. */
export interface Refused {
  readonly state: 'refused';
  readonly message: string;
  /** A token, or another one, may help. */
  readonly needsToken: boolean;
}
/** State of the connection to the server. */
export type Connection = Link | Refused;
export const connection = signal<Connection>({ state: 'connecting' });

/** Without a message for this long, the connection is opened again: it may be gone without a sign. */
const QUIET_MS = 8_000;

/** Enough for the plane and the chart's first view; the rest is loaded when it is looked at. */
const FIRST_SECONDS = 180;

/** Opens the live connection and keeps the chosen stream's chart complete, as long as the page is open. */
export function connect(): void {
  void receiveMessages();

  // Frames that reconnecting does not bring back: those from before the page was opened, and those of
  // a stream that was not chosen at the time.
  let request: AbortController | null = null;
  effect(() => {
    const name = chosen.value;
    const gaps = possibleGaps.value;
    request?.abort();
    if (name === null || gaps === 0) return;
    request = new AbortController();
    void loadHistory(name, gaps === 1 ? FIRST_SECONDS : RING_STEPS * STEP_SECONDS, request.signal);
  });
}

/** Resolves once the server's clock is known, or cannot be known now because the page cannot connect. */
export function clockKnown(): Promise<void> {
  return new Promise((resolve) => {
    effect(function () {
      const { state } = connection.value;
      if (possibleGaps.value === 0 && (state === 'connecting' || state === 'open')) return;
      this.dispose();
      resolve();
    });
  });
}

/** Loads the last `seconds` of a stream into its record. */
export async function loadHistory(stream: string, seconds: number, signal: AbortSignal): Promise<void> {
  // Counted back from the server's clock if it is known: this computer's clock may be wrong.
  const newest = records.get(stream)?.last;
  const nowMs = newest == null ? serverNowMs() : Date.parse(newest.time);
  const from = new Date(nowMs - seconds * 1000).toISOString();
  try {
    const frames = await loadUntil(() => emotionsOf(stream, { from, forecast: 'no' }, signal), signal);
    if (signal.aborted) return;
    records.get(stream)?.addHistory(frames);
    scheduleUpdate();
  } catch {
    // A stream without a log: live frames are still drawn.
  }
}

async function receiveMessages(): Promise<void> {
  const messages = client.live({
    // The history of other streams is loaded when they are chosen.
    resumes: (stream) => stream === chosen.peek(),
    quietMs: QUIET_MS,
    onLink: (link) => {
      connection.value = link;
    },
  });
  try {
    for await (const message of messages) receive(message);
  } catch (error) {
    connection.value = {
      state: 'refused',
      message: error instanceof ApiError ? errorMessage(error) : String(error),
      needsToken: error instanceof ApiError && needsToken(error),
    };
  }
}
