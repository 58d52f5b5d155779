import { isLive } from '../../stream/sources/index.ts';
import type { AudioChunk, Source, SourceItem, TrackTitle } from '../../types.ts';

export interface SkipOptions {
  /** A stream that is later than this skips what it has not analyzed. Below the 5 s that live sources can hold. */
  readonly maxLagSeconds?: number;
  /** The clock in ms; tests replace it. */
  readonly now?: () => number;
}

const DEFAULTS = { maxLagSeconds: 4, now: () => performance.now() };
/** A source that takes this long to deliver audio that has just arrived holds none. */
const EMPTY_MS = 20;

/**
 * Keeps a live stream live on a machine that is too slow for it: when its analysis is `maxLagSeconds` late, the audio
 * that waits is skipped, oldest first, and counts as `lostSamples` of the chunk that follows: an empty one at the end.
 *
 * The lag is how much longer the analysis takes than the audio lasts, so it needs no clock of the source: a pause in
 * delivery is no lag, audio that arrives faster than in real time is none while it is analyzed as fast, and a sender
 * that is slowed down is as late as the analysis.
 */
export function skipWhenLate(source: Source, options: SkipOptions = {}): Source {
  const { maxLagSeconds, now } = { ...DEFAULTS, ...options };
  if (!isLive(source.uri)) return source;
  return {
    ...source,
    async *open(signal): AsyncGenerator<SourceItem, void, undefined> {
      let lagMs = 0;
      let skipped = 0;
      let track: TrackTitle | undefined;
      /** The newest chunk of the skipped ones. */
      let last: AudioChunk | undefined;
      let skipping = false;
      let pulledMs = now();
      let failure: { readonly error: unknown } | undefined;
      try {
        for await (const item of source.open(signal)) {
          const arrivedMs = now();
          const waitedMs = arrivedMs - pulledMs;
          // Audio that arrived before it was pulled had to wait for the machine, not the machine for it. Not
          // while it skips, so that this ends even where pulls take longer than the audio lasts.
          const atMs = item.type === 'audio' ? item.arrivedAtMs : arrivedMs;
          if (waitedMs >= EMPTY_MS && atMs >= pulledMs - EMPTY_MS) {
            lagMs = 0;
            skipping = false;
          } else if (atMs < pulledMs && !skipping) lagMs += waitedMs;
          if (item.type !== 'audio') yield item;
          else {
            const frames = item.samples.length / item.channels + (item.lostSamples ?? 0);
            if (skipping) {
              skipped += frames;
              track = item.track ?? track;
              last = item;
            } else {
              yield skipped === 0 ? item : after(item, skipped, track);
              skipped = 0;
              track = undefined;
              last = undefined;
            }
            lagMs = Math.max(0, lagMs + now() - arrivedMs - (1000 * frames) / item.sampleRateHz);
            skipping = lagMs > (skipping ? 0 : 1000 * maxLagSeconds);
          }
          pulledMs = now();
        }
      } catch (error) {
        failure = { error };
      }
      // What is skipped up to the end of the source still counts as time.
      if (last && !signal.aborted)
        yield after({ ...last, samples: last.samples.subarray(0, 0), lostSamples: 0 }, skipped, track);
      if (failure) throw failure.error;
    },
  };
}

/** The chunk after skipped ones, with their length and the newest track that begins in them. */
function after(chunk: AudioChunk, skipped: number, track: TrackTitle | undefined): AudioChunk {
  const began = chunk.track ?? track;
  return {
    ...chunk,
    lostSamples: (chunk.lostSamples ?? 0) + skipped,
    skipped: true,
    ...(began && { track: began }),
  };
}
