import { type ClockPart, onLine } from '../../log/clock/clock-line.ts';
import type { History } from '../../log/history.ts';
import type { TimeRange } from '../../log/time-range.ts';
import { MOODS, type Mood } from '../../mood.ts';
import { STEP_SECONDS } from '../../types.ts';

/** One step of a session, or in a long session one bucket of many steps. */
export interface Sample {
  /** End of the sample, ms since 1970 on the clock of the session's start. */
  readonly timeMs: number;
  /** Seconds of audio that the sample covers. */
  readonly seconds: number;
  /** Shares of these seconds; together 1. */
  readonly music: number;
  readonly speech: number;
  readonly silence: number;
  /** null without music, like the fields that follow. */
  readonly valence: number | null;
  readonly arousal: number | null;
  /** Also null in a bucket. */
  readonly valenceSd: number | null;
  readonly arousalSd: number | null;
  /** Momentary LUFS; null for digital silence. */
  readonly loudness: number | null;
  /** Shares of the seconds with each mood word; together at most `music`. */
  readonly moods: MoodShares;
}

export type MoodShares = Readonly<Partial<Record<Mood, number>>>;

const NO_MOOD: MoodShares = {};
/** The shares of a step: all of it has its word. */
const WHOLE_STEP = new Map<string, MoodShares>(MOODS.map((mood) => [mood, { [mood]: 1 }]));

/** Sessions of up to 24 h are read step by step: 172,800 steps. */
const STEPS_UP_TO_MS = 24 * 3_600_000;
/** Sessions of up to a month are read by the minute, longer ones by the hour. */
const MINUTES_UP_TO_MS = 31 * 24 * 3_600_000;

/** Length of the buckets that a range is read in, in ms; undefined for single steps. */
export function sampleLengthMs({ fromMs, toMs }: TimeRange): number | undefined {
  const lengthMs = toMs - fromMs;
  if (lengthMs <= STEPS_UP_TO_MS) return undefined;
  return lengthMs <= MINUTES_UP_TO_MS ? 60_000 : 3_600_000;
}

/** Reads the samples of a session from its parts, in order; `lengthMs` as `sampleLengthMs` returns it. */
export async function* samples(
  history: Pick<History, 'frames' | 'buckets'>,
  stream: string,
  parts: readonly ClockPart[],
  lengthMs: number | undefined,
): AsyncGenerator<Sample> {
  for (const part of parts)
    for await (const sample of samplesIn(history, stream, part, lengthMs))
      yield part.shiftMs === 0 ? sample : { ...sample, timeMs: onLine(part, sample.timeMs) };
}

async function* samplesIn(
  history: Pick<History, 'frames' | 'buckets'>,
  stream: string,
  range: TimeRange,
  lengthMs: number | undefined,
): AsyncGenerator<Sample> {
  if (lengthMs === undefined) {
    for await (const page of history.frames(stream, range))
      for (const frame of page) {
        const { time, activity, valence, arousal, valenceSd, arousalSd, loudness } = frame;
        const moods = WHOLE_STEP.get(frame.mood ?? '') ?? NO_MOOD;
        const is = (one: typeof activity) => (activity === one ? 1 : 0);
        const shares = { music: is('music'), speech: is('speech'), silence: is('silence') };
        const values = { valence, arousal, valenceSd, arousalSd, loudness, moods };
        yield { timeMs: Date.parse(time), seconds: STEP_SECONDS, ...shares, ...values };
      }
    return;
  }
  for await (const page of history.buckets(stream, range, lengthMs))
    for (const { time, frames, music, speech, silence, valence, arousal, loudness, moods } of page)
      yield {
        timeMs: Date.parse(time) + lengthMs,
        seconds: frames * STEP_SECONDS,
        ...{ music, speech, silence, valence, arousal, loudness, moods },
        valenceSd: null,
        arousalSd: null,
      };
}
