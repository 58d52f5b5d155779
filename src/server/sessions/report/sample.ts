import { STEP_SECONDS } from '../../../types.ts';
import type { History, TimeRange } from '../../log/history.ts';

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
