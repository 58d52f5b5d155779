import { effect } from '@preact/signals';
import { ApiError } from '../../src/client/index.ts';
import { chosen, chosenRecord, holes, link, take, touch } from '../state/store.ts';
import { windowSeconds } from '../state/time-window.ts';
import { client } from './client.ts';

/** Opens the live connection and keeps the chosen stream's chart without holes, for as long as the page lives. */
export function start(): void {
  void listen();

  // What a lost connection cannot bring back: a page just opened knows nothing, a stream chosen later was
  // never asked about.
  let asking: AbortController | null = null;
  effect(() => {
    const name = chosen.value;
    const seconds = windowSeconds.value;
    asking?.abort();
    if (name === null || holes.value === 0) return;
    asking = new AbortController();
    const { signal } = asking;
    // Counted back from the server's own clock where it is known: this computer's may be off.
    const newest = chosenRecord.peek()?.last;
    const nowMs = newest == null ? Date.now() : Date.parse(newest.time);
    client.streams
      .emotions(name, { from: new Date(nowMs - seconds * 1000).toISOString() }, signal)
      .then(({ frames }) => {
        if (signal.aborted) return;
        chosenRecord.peek()?.takeHistory(frames);
        touch();
      })
      // A stream without a log, or a connection that went again: the live frames are still drawn.
      .catch(() => undefined);
  });
}

async function listen(): Promise<void> {
  const messages = client.live({
    // Others are asked about when they are chosen.
    resumes: (stream) => stream === chosen.peek(),
    onLink: (state) => {
      link.value = state;
    },
  });
  try {
    for await (const message of messages) take(message);
  } catch (error) {
    const message = error instanceof ApiError ? error.message : String(error);
    link.value = { state: 'refused', message };
  }
}
