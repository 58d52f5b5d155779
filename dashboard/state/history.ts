import { signal } from '@preact/signals';
import { HISTORY_LEVELS, type HistoryLevel, tilesIn } from './history-level.ts';
import type { HistoryTile } from './history-tile.ts';
import type { Part, TimeRange } from './steps.ts';

/** Loads one tile. It rejects if the log cannot be read. */
export type LoadTile = (
  stream: string,
  level: HistoryLevel,
  range: TimeRange,
  signal: AbortSignal,
) => Promise<HistoryTile>;

export interface HistoryOptions {
  readonly load: LoadTile;
  /** The present in seconds since 1970: tiles that end later are incomplete. */
  readonly now: () => number;
  /** Tiles kept; the ones used longest ago are dropped. */
  readonly maxTiles?: number;
  /** Wait before loading, so that a fast scroll loads only where it ends. */
  readonly debounceMs?: number;
}

interface Wanted {
  readonly stream: string;
  readonly level: HistoryLevel;
  readonly index: number;
}

interface Kept {
  readonly tile: HistoryTile;
  /** When an incomplete tile is loaded again, in seconds since 1970. */
  readonly staleAt: number;
}

const MAX_REQUESTS = 3;
/** A tile that could not be loaded is tried again after this. */
const RETRY_SECONDS = 15;

const keyOf = ({ stream, level, index }: Wanted): string => `${stream} ${level.resolution} ${index}`;

/** The log of all streams, in tiles that are loaded when they are wanted and kept as long as there is room. */
export class History {
  /** Counts the changes of what is loaded. */
  readonly changes = signal(0);
  readonly #options: Required<HistoryOptions>;
  /** In order of use. */
  readonly #tiles = new Map<string, Kept>();
  readonly #wanted = new Map<object, readonly Wanted[]>();
  readonly #requests = new Map<string, AbortController>();
  readonly #failed = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HistoryOptions) {
    this.#options = { maxTiles: 128, debounceMs: 120, ...options };
  }

  /** What is loaded of a range, oldest first; a missing tile is replaced by a coarser one if there is one. */
  parts(stream: string, level: HistoryLevel, range: TimeRange): Part[] {
    return tilesIn(level, range).flatMap((index) => {
      const from = Math.max(range.from, index * level.tileSeconds);
      const to = Math.min(range.to, (index + 1) * level.tileSeconds);
      const tile = this.#use(keyOf({ stream, level, index })) ?? this.#coarser(stream, level, from, to);
      return tile === undefined ? [] : [{ steps: tile, from, to }];
    });
  }

  /** Whether a range is loaded at a level. */
  isLoaded = (stream: string, level: HistoryLevel, range: TimeRange): boolean =>
    tilesIn(level, range).every((index) => this.#tiles.has(keyOf({ stream, level, index })));

  /** Loads what `user` needs, instead of what it needed before. */
  want(user: object, stream: string, level: HistoryLevel, range: TimeRange): void {
    const to = Math.min(range.to, this.#options.now());
    this.#wanted.set(
      user,
      tilesIn(level, { from: range.from, to }).map((index) => ({ stream, level, index })),
    );
    this.#schedule();
  }

  /** `user` needs nothing more. */
  release(user: object): void {
    this.#wanted.delete(user);
    this.#schedule();
  }

  /** Forgets everything, also what is being loaded: the clock was set, or a stream has other names before. */
  clear(): void {
    for (const request of this.#requests.values()) request.abort();
    this.#requests.clear();
    this.#tiles.clear();
    this.#failed.clear();
    this.changes.value++;
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#start();
    }, this.#options.debounceMs);
  }

  #start(): void {
    const now = this.#options.now();
    const all = [...this.#wanted.values()].flat();
    const keys = new Set(all.map(keyOf));
    for (const [key, request] of this.#requests) if (!keys.has(key)) request.abort();
    for (const one of all) {
      if (this.#requests.size >= MAX_REQUESTS) return;
      const key = keyOf(one);
      const fresh = (this.#tiles.get(key)?.staleAt ?? 0) > now || (this.#failed.get(key) ?? 0) > now;
      if (!fresh && !this.#requests.has(key)) void this.#load(one, key);
    }
  }

  async #load(one: Wanted, key: string): Promise<void> {
    const { level, index, stream } = one;
    const request = new AbortController();
    this.#requests.set(key, request);
    const range = { from: index * level.tileSeconds, to: (index + 1) * level.tileSeconds };
    const now = this.#options.now();
    try {
      const tile = await this.#options.load(stream, level, range, request.signal);
      if (request.signal.aborted) return;
      // The newest rows of an incomplete tile are of this moment; the log is a little behind the clock.
      const complete = range.to + level.stepSeconds + RETRY_SECONDS < now;
      const staleAt = complete ? Number.POSITIVE_INFINITY : now + Math.max(10, 2 * level.stepSeconds);
      this.#tiles.delete(key);
      this.#tiles.set(key, { tile, staleAt });
      this.#failed.delete(key);
      this.#dropOldest();
      this.changes.value++;
    } catch {
      if (!request.signal.aborted) this.#failed.set(key, now + RETRY_SECONDS);
    } finally {
      if (this.#requests.get(key) === request) this.#requests.delete(key);
      this.#schedule();
    }
  }

  #use(key: string): HistoryTile | undefined {
    const kept = this.#tiles.get(key);
    if (kept === undefined) return undefined;
    this.#tiles.delete(key);
    this.#tiles.set(key, kept);
    return kept.tile;
  }

  #coarser(stream: string, level: HistoryLevel, from: number, to: number): HistoryTile | undefined {
    for (const other of HISTORY_LEVELS.slice(HISTORY_LEVELS.indexOf(level) + 1)) {
      const [index, ...more] = tilesIn(other, { from, to });
      const kept = this.#tiles.get(keyOf({ stream, level: other, index: index! }));
      if (more.length === 0 && kept !== undefined) return kept.tile;
    }
    return undefined;
  }

  #dropOldest(): void {
    for (const key of this.#tiles.keys()) {
      if (this.#tiles.size <= this.#options.maxTiles) return;
      this.#tiles.delete(key);
    }
  }
}
