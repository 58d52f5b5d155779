import { setImmediate } from 'node:timers/promises';
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import { type ActivityDetector, loadActivityDetector } from '../model/activity/activity-detector.ts';
import type { Engine } from '../model/engine.ts';
import { loadModel } from '../model/load.ts';
import { createStepper, type Stepper } from '../model/stepper.ts';
import { pullMessages } from '../node-api/pull-tracker.ts';
import { type FftPlans, loadFft } from '../stream/fft.ts';
import { fileSource } from '../stream/sources/file.ts';
import type { EmotionFrame, Source } from '../types.ts';
import { UserError } from '../user-error.ts';
import type { SkippedFile } from './candidates.ts';
import { MIN_OPENING_SECONDS } from './distance.ts';
import { type Ending, EndingDetector, isOpeningComplete, type Opening, openingOf } from './passages.ts';
import type { FileOpening } from './rank.ts';

export interface AnalyzeTracksOptions {
  /** The track that is playing: analyzed to its end. */
  readonly after: string;
  /** The candidates: only their openings are analyzed. */
  readonly files: readonly string[];
  /** Seconds of music to analyze of each candidate. */
  readonly seconds: number;
  readonly model: string;
  readonly engine: Engine;
  /** Called after each file, `after` included. */
  readonly onFile?: () => void;
  /** Called for each candidate that cannot be ranked. */
  readonly onSkipped?: (skipped: SkippedFile) => void;
}

export interface AnalyzedTracks {
  readonly ending: Ending;
  /** In the order of `files`. */
  readonly openings: readonly FileOpening[];
}

/** Files analyzed at the same time; their steps share batches. */
export const CONCURRENCY = 16;

/**
 * Analyzes one track to its end and the openings of the candidates. Each starts from a fresh state and takes the
 * path of live audio. Candidates that cannot be ranked are reported to `onSkipped` and left out.
 *
 * @throws UserError if `after` has no ending of music, or the model cannot be loaded
 */
export async function analyzeTracks({
  after,
  files,
  seconds,
  model: modelName,
  engine,
  onFile = () => {},
  onSkipped = () => {},
}: AnalyzeTracksOptions): Promise<AnalyzedTracks> {
  const stop = new AbortController();
  const loaded = await loadAnalysis(modelName, engine);
  const analysis: TrackAnalysis = { ...loaded, signal: stop.signal };
  const analyzeFile = async (file: string): Promise<FileOpening | undefined> => {
    try {
      return { file, opening: await analyzeOpening(trackOf(file), seconds, MIN_OPENING_SECONDS, analysis) };
    } catch (error) {
      if (!(error instanceof UserError) || stop.signal.aborted) throw error;
      onSkipped({ file, code: error.code, message: error.message });
      return undefined;
    } finally {
      onFile();
    }
  };
  // `after` takes longest, so it starts first.
  const ending = analyzeEnding(trackOf(after), analysis).finally(onFile);
  const openings = lastValueFrom(
    from([...files.entries()]).pipe(
      mergeMap(async ([i, file]) => [i, await analyzeFile(file)] as const, CONCURRENCY),
      toArray(),
    ),
  );
  try {
    const [ended, analyzed] = await Promise.all([ending, openings]);
    const inOrder = analyzed.sort(([a], [b]) => a - b).flatMap(([, one]) => one ?? []);
    return { ending: ended, openings: inOrder };
  } finally {
    stop.abort(); // Without an ending, the openings are of no use.
    await Promise.allSettled([ending, openings]); // The model is disposed only when nothing uses it.
    await loaded.close();
  }
}

/** What analyzes tracks. Tracks analyzed at the same time share it, and so share batches. */
export interface TrackAnalysis {
  readonly stepper: Stepper;
  readonly fft: FftPlans;
  readonly detector: ActivityDetector;
  /** Stops every analysis. */
  readonly signal?: AbortSignal;
}

/**
 * Loads what analyzes tracks.
 *
 * @throws UserError if the model cannot be loaded
 */
export async function loadAnalysis(
  modelName: string,
  engine: Engine,
): Promise<TrackAnalysis & { close(): Promise<void> }> {
  const model = await loadModel(modelName, engine);
  return {
    stepper: createStepper(model),
    fft: await loadFft(),
    detector: await loadActivityDetector(),
    async close() {
      await setImmediate(); // The stepper may still use the model.
      model.dispose();
    },
  };
}

export interface Track {
  /** Used in error messages. */
  readonly name: string;
  readonly source: Source;
}

/**
 * Analyzes a track to its end.
 *
 * @throws UserError `no-music` if it has none, and the source's own error if it cannot be read to its end
 */
async function analyzeEnding(track: Track, analysis: TrackAnalysis): Promise<Ending> {
  const detector = new EndingDetector();
  for await (const frame of framesOf(track, analysis)) detector.push(frame);
  const { ending } = detector;
  if (ending) return ending;
  throw new UserError('no-music', `${track.name} has no music, so no track can continue it.`);
}

/** The search for music stops after this much silence and speech. */
const MUSIC_SEARCH_SECONDS = 300;

/**
 * Analyzes a track until its opening is complete.
 *
 * @param seconds of music to analyze
 * @param minSeconds of music; a track with less is too short to compare
 * @throws UserError `no-music`, `too-short`, and the source's own error if it cannot be read so far
 */
async function analyzeOpening(
  track: Track,
  seconds: number,
  minSeconds: number,
  analysis: TrackAnalysis,
): Promise<Opening> {
  const frames: EmotionFrame[] = [];
  for await (const frame of framesOf(track, analysis)) {
    frames.push(frame);
    if (isOpeningComplete(frames, seconds)) break;
    if (frame.t >= MUSIC_SEARCH_SECONDS + seconds) break;
  }
  const opening = openingOf(frames, seconds);
  const analyzed = frames.at(-1)?.t ?? 0;
  if (!opening) {
    const where =
      analyzed >= MUSIC_SEARCH_SECONDS ? `in its first ${analyzed / 60} min` : `in its ${analyzed} s`;
    throw new UserError('no-music', `${track.name} has no music ${where}, only silence or speech.`);
  }
  const { at } = opening.path.at(-1)!;
  if (at >= minSeconds) return opening;
  throw new UserError(
    'too-short',
    `${track.name} has ${at} s of music; at least ${minSeconds} s are needed to compare its opening.`,
  );
}

export async function* framesOf(
  { name, source }: Track,
  { stepper, fft, detector, signal }: TrackAnalysis,
): AsyncGenerator<EmotionFrame> {
  let internalError: unknown;
  const onInternalError = (error: unknown) => {
    internalError = error;
  };
  for await (const message of pullMessages(source, {
    stream: name,
    stepper,
    fft,
    detector,
    onInternalError,
  })) {
    signal?.throwIfAborted();
    if (internalError) throw internalError;
    if (message.type === 'emotion') yield message;
    if (message.type === 'stream-stopped' && message.code) throw new UserError(message.code, message.message);
  }
}

/** A file, read as fast as it is analyzed. */
export function trackOf(path: string): Track {
  return { name: path, source: fileSource(`file:${path}`, path, { paced: false }) };
}
