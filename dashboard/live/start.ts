import { effect } from '@preact/signals';
import { chosen, chosenRecord, holes, link, take, touch } from '../state/store.ts';
import { windowSeconds } from '../state/time-window.ts';
import { connect } from './connection.ts';
import { fetchEmotions } from './history.ts';
import { serverUrl } from './server-url.ts';

/** Opens the live connection and keeps the chosen stream's chart without holes, for as long as the page lives. */
export function start(): void {
  const live = connect({
    url: () => {
      const url = serverUrl('v1/live', 'ws');
      const since = chosenRecord.peek()?.since() ?? null;
      if (since !== null) url.searchParams.set('since', since);
      return url;
    },
    onLink: (state) => {
      link.value = state;
    },
  });
  live.subscribe((message) => {
    if (message !== null) take(message);
  });

  // What `since` cannot bring: a page just opened knows nothing, a stream chosen later was never asked about.
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
    fetchEmotions(name, nowMs - seconds * 1000, signal)
      .then((frames) => {
        if (signal.aborted) return;
        chosenRecord.peek()?.takeHistory(frames);
        touch();
      })
      // A stream without a log, or a connection that went again: the live frames are still drawn.
      .catch(() => undefined);
  });
}
