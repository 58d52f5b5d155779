import type { History, TimeRange } from '../../log/history.ts';
import { STEP_SECONDS } from '../../types.ts';

/** One column of the report's drawings: what was heard in a small part of the session. */
export interface Bin {
  /** Its middle, as a share of the session: 0 … 1. */
  readonly at: number;
  /** What most of it was; undefined: nothing was heard at all. */
  readonly activity: 'music' | 'speech' | 'silence' | undefined;
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly valenceSd: number | null;
  readonly arousalSd: number | null;
}

/** Means over `count` equal parts of a session. */
export class Bins {
  /** Per bin: seconds of music, speech, silence, of known sd; then the sums of valence, arousal and their sds. */
  readonly #sums: Float64Array;
  readonly #fromMs: number;
  readonly #lengthMs: number;
  readonly count: number;

  constructor(fromMs: number, toMs: number, count: number) {
    this.#sums = new Float64Array(count * 8);
    this.#fromMs = fromMs;
    this.#lengthMs = Math.max(1, toMs - fromMs);
    this.count = count;
  }

  add({ timeMs, seconds, music, speech, silence, valence, arousal, valenceSd, arousalSd }: Sample): void {
    // By its middle: `timeMs` is its end.
    const share = (timeMs - seconds * 500 - this.#fromMs) / this.#lengthMs;
    const at = 8 * Math.max(0, Math.min(this.count - 1, Math.floor(share * this.count)));
    const sums = this.#sums;
    sums[at]! += seconds * music;
    sums[at + 1]! += seconds * speech;
    sums[at + 2]! += seconds * silence;
    if (valence === null || arousal === null) return;
    sums[at + 4]! += seconds * music * valence;
    sums[at + 5]! += seconds * music * arousal;
    if (valenceSd === null || arousalSd === null) return;
    sums[at + 3]! += seconds * music;
    sums[at + 6]! += seconds * music * valenceSd;
    sums[at + 7]! += seconds * music * arousalSd;
  }

  all(): Bin[] {
    return Array.from({ length: this.count }, (_, i) => {
      const [music, speech, silence, sdKnown, v, a, vSd, aSd] = this.#sums.subarray(8 * i, 8 * i + 8);
      const of = (sum: number, count: number) => (count > 0 ? sum / count : null);
      return {
        at: (i + 0.5) / this.count,
        activity: most(music!, speech!, silence!),
        valence: of(v!, music!),
        arousal: of(a!, music!),
        valenceSd: of(vSd!, sdKnown!),
        arousalSd: of(aSd!, sdKnown!),
      };
    });
  }
}

function most(music: number, speech: number, silence: number): Bin['activity'] {
  if (music + speech + silence === 0) return undefined;
  if (music > 0) return 'music';
  return speech >= silence ? 'speech' : 'silence';
}

/** A piece of what was heard: one step, or in a long session one bucket of many. */
export interface Sample {
  /** Where it ends, ms since 1970. */
  readonly timeMs: number;
  /** Seconds of audio that it stands for. */
  readonly seconds: number;
  /** Shares of them, together 1. */
  readonly music: number;
  readonly speech: number;
  readonly silence: number;
  /** null where no music was heard, as all that follow. */
  readonly valence: number | null;
  readonly arousal: number | null;
  /** Also null in a bucket. */
  readonly valenceSd: number | null;
  readonly arousalSd: number | null;
  /** Momentary LUFS; null for digital silence. */
  readonly loudness: number | null;
}

/** Sessions up to this long are read step by step: 172,800 of them. */
const STEPS_UP_TO_MS = 24 * 3_600_000;
/** Longer ones by the minute, up to a month, and then by the hour. */
const MINUTES_UP_TO_MS = 31 * 24 * 3_600_000;

/** Length of the samples of a span in ms; undefined: single steps. */
export function sampleLengthMs({ fromMs, toMs }: TimeRange): number | undefined {
  const lengthMs = toMs - fromMs;
  if (lengthMs <= STEPS_UP_TO_MS) return undefined;
  return lengthMs <= MINUTES_UP_TO_MS ? 60_000 : 3_600_000;
}

/** What was heard of a stream in `range`, in order. */
export async function* samples(
  history: Pick<History, 'frames' | 'buckets'>,
  stream: string,
  range: TimeRange,
): AsyncGenerator<Sample> {
  const lengthMs = sampleLengthMs(range);
  if (lengthMs === undefined) {
    for await (const page of history.frames(stream, range))
      for (const frame of page) {
        const { time, activity, valence, arousal, valenceSd, arousalSd, loudness } = frame;
        const is = (one: typeof activity) => (activity === one ? 1 : 0);
        const shares = { music: is('music'), speech: is('speech'), silence: is('silence') };
        const values = { valence, arousal, valenceSd, arousalSd, loudness };
        yield { timeMs: Date.parse(time), seconds: STEP_SECONDS, ...shares, ...values };
      }
    return;
  }
  for await (const page of history.buckets(stream, range, lengthMs))
    for (const { time, frames, music, speech, silence, valence, arousal, loudness } of page)
      yield {
        timeMs: Date.parse(time) + lengthMs,
        seconds: frames * STEP_SECONDS,
        ...{ music, speech, silence, valence, arousal, loudness },
        valenceSd: null,
        arousalSd: null,
      };
}
