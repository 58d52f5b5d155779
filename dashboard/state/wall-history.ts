import { effect } from '@preact/signals';
import { type HistoryTile, tileOfBuckets } from './history-tile.ts';
import { loadUntil } from './load-until.ts';
import { requestPaint } from './paint-loop.ts';
import { emotionsOf } from './stream-log.ts';
import { removal, serverNowMs } from './streams.ts';

/** Seconds that the tiles of the wall show. */
export const WALL_SECONDS = 600;
const MAX_REQUESTS = 4;
const RESOLUTION = { resolution: '10s' } as const;

/** Means of the minutes before the page was opened, by stream; null while they are loaded, or without a log. */
const loaded = new Map<string, HistoryTile | null>();
const waiting: string[] = [];
let running = 0;

effect(() => {
  if (removal.value !== null) loaded.delete(removal.value.stream);
});

/** The past of a stream, as far as it is loaded; requests it on the first call. */
export function wallHistory(stream: string): HistoryTile | null {
  const known = loaded.get(stream);
  if (known === undefined) {
    loaded.set(stream, null);
    waiting.push(stream);
    void next();
  }
  return known ?? null;
}

async function next(): Promise<void> {
  const stream = running < MAX_REQUESTS ? waiting.shift() : undefined;
  if (stream === undefined) return;
  running++;
  try {
    const from = new Date(serverNowMs() - WALL_SECONDS * 1000).toISOString();
    const frames = await loadUntil(() => emotionsOf(stream, { from, ...RESOLUTION }));
    loaded.set(stream, tileOfBuckets(frames, 10));
    requestPaint();
  } catch {
    // A stream without a log: its tile begins with the newest steps.
  }
  running--;
  void next();
}
