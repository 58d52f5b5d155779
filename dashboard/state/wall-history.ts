import { effect } from '@preact/signals';
import type { EmotionBucket } from '../../src/types.ts';
import { type HistoryTile, tileOfBuckets } from './history-tile.ts';
import { loadUntil } from './load-until.ts';
import { requestPaint } from './paint-loop.ts';
import type { TimeRange } from './steps.ts';
import { emotionsOf } from './stream-log.ts';
import { removal, serverNowMs } from './streams.ts';

/** Seconds that the tiles of the wall show. */
export const WALL_SECONDS = 600;
const RESOLUTION = { resolution: '10s' } as const;
const BUCKET_SECONDS = 10;
const MAX_BUCKETS = WALL_SECONDS / BUCKET_SECONDS + 1;
const MAX_REQUESTS = 4;
/** Between two requests for one stream: a page on a slow network misses steps again and again. */
const PAUSE_MS = 10_000;

/** What is loaded of a stream's past. */
export interface WallPast {
  /** Null while nothing is loaded, or without a log. */
  readonly tile: HistoryTile | null;
  /** Missed steps are loaded up to here, in seconds since 1970. */
  readonly filledTo: number;
}

class Past implements WallPast {
  tile: HistoryTile | null = null;
  filledTo = Number.NEGATIVE_INFINITY;
  /** `performance.now()` of the newest request; null: none yet. */
  #requestedAtMs: number | null = null;
  #requestedTo = Number.NEGATIVE_INFINITY;
  #isLoading = false;
  #buckets: readonly EmotionBucket[] = [];
  readonly #stream: string;

  constructor(stream: string) {
    this.#stream = stream;
  }

  /** Requests what is not loaded: all at first, then from the oldest of `missed` that was not requested. */
  want(missed: readonly TimeRange[]): void {
    const to = missed.at(-1)?.to ?? Number.NEGATIVE_INFINITY;
    if (this.#requestedAtMs === null) this.#request(serverNowMs() / 1000 - WALL_SECONDS, to);
    else if (!this.#isLoading && performance.now() - this.#requestedAtMs >= PAUSE_MS) {
      const next = missed.find((range) => range.to > this.#requestedTo);
      if (next !== undefined) this.#request(Math.max(next.from, to - WALL_SECONDS), to);
    }
  }

  #request(from: number, to: number): void {
    this.#requestedAtMs = performance.now();
    this.#requestedTo = to;
    this.#isLoading = true;
    waiting.push(async () => {
      try {
        await this.#load(Math.floor(from / BUCKET_SECONDS) * BUCKET_SECONDS * 1000);
        this.filledTo = to;
        requestPaint();
      } catch {
        // A stream without a log: its tile has the steps that the page received.
      }
      this.#isLoading = false;
    });
    void loadNext();
  }

  async #load(fromMs: number): Promise<void> {
    const from = new Date(fromMs).toISOString();
    const newer = await loadUntil(() => emotionsOf(this.#stream, { from, ...RESOLUTION }));
    const older = this.#buckets.filter(({ time }) => Date.parse(time) < fromMs);
    this.#buckets = [...older, ...newer].slice(-MAX_BUCKETS);
    this.tile = tileOfBuckets(this.#buckets, BUCKET_SECONDS);
  }
}

const pasts = new Map<string, Past>();
const waiting: (() => Promise<void>)[] = [];
let running = 0;

effect(() => {
  if (removal.value !== null) pasts.delete(removal.value.stream);
});

/**
 * The past of a stream, as far as it is loaded: from before the page was opened, and where the page `missed` steps,
 * oldest first. What is not loaded is requested: one request at a time for a stream, and few for all streams.
 */
export function wallHistory(stream: string, missed: readonly TimeRange[]): WallPast {
  let past = pasts.get(stream);
  if (past === undefined) {
    past = new Past(stream);
    pasts.set(stream, past);
  }
  past.want(missed);
  return past;
}

async function loadNext(): Promise<void> {
  const load = running < MAX_REQUESTS ? waiting.shift() : undefined;
  if (load === undefined) return;
  running++;
  await load();
  running--;
  void loadNext();
}
