import type { EmotionTracker } from '../../src/node-api/create-tracker.ts';
import type { AudioChunk, EmotionFrame, Source, StreamEvent } from '../../src/types.ts';
import { UserError } from '../../src/user-error.ts';
import { concat } from '../support/audio.ts';
import { type Reference, referenceSource } from './reference.ts';
import { type Fault, LOUDNESS_LU, type Row, type Tolerance } from './row.ts';

/** How a file's frames differ from those of the reference. All deviations are the largest of any step. */
export interface Measured {
  /** Of the reference. */
  readonly seconds: number;
  /** More than the reference, at the rate of its first part; 0 for a refused row. */
  readonly samples: number;
  readonly steps: number;
  /** Ratio of signal to difference in dB, sample by sample; null if the formats differ, and where they change. */
  readonly snrDb: number | null;
  /** LU */
  readonly loudness: number;
  readonly valence: number;
  readonly arousal: number;
  /** Steps that are music in one and not in the other. */
  readonly activity: number;
  readonly formatChanges: number;
  readonly gaps: number;
  /** The sentence of the UserError that ended it. */
  readonly error?: string;
}

interface Tracked {
  readonly frames: readonly EmotionFrame[];
  readonly gaps: readonly (StreamEvent & { readonly type: 'gap' })[];
  readonly seconds: number;
  readonly chunks: readonly AudioChunk[];
  readonly error?: string;
}

/** Compares the frames of a file, tracked as `undertone track` does, with those of its reference. */
export async function measure(
  tracker: EmotionTracker,
  source: Source,
  reference: readonly Reference[],
): Promise<Measured> {
  const wanted = await trackAll(tracker, referenceSource(reference));
  const got = await trackAll(tracker, source);
  const pairs = got.frames
    .slice(0, wanted.frames.length)
    .map((frame, i) => [frame, wanted.frames[i]!] as const);
  const largest = (field: 'loudness' | 'valence' | 'arousal') =>
    pairs.reduce((most, [a, b]) => Math.max(most, difference(a[field], b[field])), 0);
  return {
    seconds: round(wanted.seconds, 2),
    samples: Math.round((got.seconds - wanted.seconds) * (reference[0]?.sampleRateHz ?? 0)),
    steps: got.frames.length - wanted.frames.length,
    snrDb: snrDb(got.chunks, wanted.chunks),
    loudness: round(largest('loudness'), 2),
    valence: round(largest('valence'), 3),
    arousal: round(largest('arousal'), 3),
    activity: pairs.filter(([a, b]) => a.activity !== b.activity).length,
    formatChanges: got.gaps.filter(({ reason }) => reason === 'format-change').length,
    gaps: got.gaps.filter(({ reason }) => reason !== 'format-change').length,
    ...(got.error !== undefined && { error: got.error }),
  };
}

/** The faults of a row, in the order of `FAULTS`. */
export function faultsOf(
  row: Row,
  measured: Measured,
  reference: readonly Reference[],
  tolerance: Tolerance,
): Fault[] {
  if (row.refused) {
    if (measured.error === undefined) return ['played'];
    return row.refused.test(measured.error) ? [] : ['sentence'];
  }
  const changes = reference.filter(
    ({ sampleRateHz, channels }, i) =>
      i > 0 && (reference[i - 1]!.sampleRateHz !== sampleRateHz || reference[i - 1]!.channels !== channels),
  ).length;
  const found: Readonly<Partial<Record<Fault, boolean>>> = {
    error: measured.error !== undefined,
    samples: Math.abs(measured.samples) > tolerance.samples * reference.length,
    steps: measured.steps !== 0,
    noise: measured.snrDb !== null && measured.snrDb < (tolerance.snrDb ?? Number.NEGATIVE_INFINITY),
    loudness: measured.loudness > LOUDNESS_LU,
    valence: measured.valence > tolerance.emotion,
    arousal: measured.arousal > tolerance.emotion,
    activity: measured.activity > 0,
    gaps: measured.formatChanges !== changes || measured.gaps > 0,
  };
  return Object.entries(found).flatMap(([fault, is]) => (is ? [fault as Fault] : []));
}

async function trackAll(tracker: EmotionTracker, source: Source): Promise<Tracked> {
  const frames: EmotionFrame[] = [];
  const gaps: (StreamEvent & { type: 'gap' })[] = [];
  const chunks: AudioChunk[] = [];
  const counted: Source = {
    uri: source.uri,
    async *open(signal) {
      for await (const item of source.open(signal)) {
        if (item.type === 'audio') chunks.push(item);
        yield item;
      }
    },
  };
  tracker.reset();
  try {
    for await (const message of tracker.track(counted)) {
      if (message.type === 'emotion') frames.push(message);
      if (message.type === 'gap') gaps.push(message);
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'input-failed') throw error;
    return { frames, gaps, chunks, seconds: secondsOf(chunks), error: error.message };
  }
  return { frames, gaps, chunks, seconds: secondsOf(chunks) };
}

const secondsOf = (chunks: readonly AudioChunk[]): number =>
  chunks.reduce(
    (sum, { samples, channels, sampleRateHz }) => sum + samples.length / channels / sampleRateHz,
    0,
  );

/** As far as both reach; at most 200. */
function snrDb(got: readonly AudioChunk[], wanted: readonly AudioChunk[]): number | null {
  const formats = [...got, ...wanted].map(({ sampleRateHz, channels }) => `${sampleRateHz} ${channels}`);
  if (got.length === 0 || new Set(formats).size !== 1) return null;
  const [a, b] = [got, wanted].map((chunks) => concat(chunks.map(({ samples }) => samples)));
  let [signal, noise] = [0, 0];
  for (let i = 0; i < Math.min(a!.length, b!.length); i++) {
    signal += b![i]! ** 2;
    noise += (a![i]! - b![i]!) ** 2;
  }
  return noise === 0 ? 200 : Math.min(200, Math.round(10 * Math.log10(signal / noise)));
}

/** Quieter than this, a codec's own noise is the loudness. */
const FLOOR_LUFS = -60;

function difference(a: number | null, b: number | null): number {
  if (a === null || b === null) return 0;
  return Math.abs(Math.max(a, FLOOR_LUFS) - Math.max(b, FLOOR_LUFS));
}

const round = (x: number, decimals: number): number => Number(x.toFixed(decimals));
