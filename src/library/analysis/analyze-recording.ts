import { roundTo } from '../../frame-fields.ts';
import { type Mood, moodOf } from '../../mood.ts';
import { type EmotionFrame, type Source, STEP_SECONDS } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { framesOf, type Track, type TrackAnalysis } from '../analyze-tracks.ts';
import type { Point } from '../answers.ts';
import { type Ending, EndingDetector, type Opening, openingOf } from '../passages.ts';
import { type Curve, curveOf } from './curve.ts';
import { integratedLoudness } from './integrated-loudness.ts';
import type { KeyEstimate } from './key.ts';
import { pathEmbedding } from './path-embedding.ts';
import type { Tempo } from './tempo.ts';
import { TempoAndKey } from './tempo-and-key.ts';

/** What a library stores of a recording's audio. It survives `structuredClone`. */
export interface RecordingAnalysis {
  /** Length of the audio, and how much of it is music. */
  readonly seconds: number;
  readonly musicSeconds: number;
  /** Integrated loudness in LUFS; null for silence. */
  readonly loudness: number | null;
  /** Means over the music, and the mood word for them. */
  readonly valence: number;
  readonly arousal: number;
  readonly mood: Mood;
  /** The 5th and 95th percentiles of the music's steps: how far the path reaches. */
  readonly low: Point;
  readonly high: Point;
  readonly curve: Curve;
  readonly opening: Opening;
  readonly ending: Ending;
  readonly embedding: Float32Array;
  readonly tempo: Tempo | null;
  readonly key: KeyEstimate | null;
}

/** Seconds of music that the opening has. */
const OPENING_SECONDS = 15;
/** From a fresh state, the readings before this are uncertain: they are not part of mean and range if others exist. */
const SETTLED_SECONDS = 3;

/**
 * Analyzes a recording to its end in one pass: the path by that of live audio from a fresh state, tempo and key from
 * the same samples.
 *
 * @throws UserError `no-music`, and those of the source
 */
export async function analyzeRecording(track: Track, analysis: TrackAnalysis): Promise<RecordingAnalysis> {
  const tempoAndKey = new TempoAndKey(analysis.fft);
  const source = tapped(track.source, tempoAndKey);
  const ending = new EndingDetector();
  const frames: EmotionFrame[] = [];
  for await (const frame of framesOf({ name: track.name, source }, analysis)) {
    ending.push(frame);
    // Only the ending needs forecasts, which are most of a frame.
    frames.push({ ...frame, forecast: [] });
  }
  const opening = openingOf(frames, OPENING_SECONDS);
  const curve = curveOf(frames);
  const embedding = pathEmbedding(curve);
  if (!opening || !ending.ending || !embedding) {
    throw new UserError(
      'no-music',
      `${track.name} has no music, only silence or speech: it stays out of the library.`,
    );
  }
  const settled = curveOf(frames.filter(({ t }) => t > opening.start + SETTLED_SECONDS));
  return {
    ...summaryOf(settled.valence.some((value) => !Number.isNaN(value)) ? settled : curve),
    seconds: frames.at(-1)!.t,
    musicSeconds: curve.valence.filter((value) => !Number.isNaN(value)).length * STEP_SECONDS,
    loudness: integratedLoudness(frames.flatMap(({ loudness }) => loudness ?? [])),
    curve,
    opening,
    ending: ending.ending,
    embedding,
    tempo: tempoAndKey.tempo,
    key: tempoAndKey.key,
  };
}

function summaryOf(curve: Curve) {
  const sorted = {
    valence: curve.valence.filter((value) => !Number.isNaN(value)).sort(),
    arousal: curve.arousal.filter((value) => !Number.isNaN(value)).sort(),
  };
  const mean = (values: Float32Array) => round(values.reduce((sum, value) => sum + value, 0) / values.length);
  const at = (share: number): Point => {
    const index = Math.round(share * (sorted.valence.length - 1));
    return { valence: round(sorted.valence[index]!), arousal: round(sorted.arousal[index]!) };
  };
  const [valence, arousal] = [mean(sorted.valence), mean(sorted.arousal)];
  return { valence, arousal, mood: moodOf(valence, arousal), low: at(0.05), high: at(0.95) };
}

const round = (value: number) => roundTo(value, 4);

/** The source, whose audio also reaches the estimators of tempo and key. */
function tapped(source: Source, tempoAndKey: TempoAndKey): Source {
  return {
    uri: source.uri,
    async *open(signal) {
      for await (const item of source.open(signal)) {
        if (item.type === 'audio') tempoAndKey.push(item);
        yield item;
      }
    },
  };
}
