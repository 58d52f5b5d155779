import { Downmix } from '../../../src/stream/downmix.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { Loudness } from '../../../src/stream/loudness.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../../../src/stream/mel-ring.ts';
import { openRecording } from '../../../src/stream/sources/index.ts';
import { StreamAnalyzer } from '../../../src/stream/stream-analyzer.ts';
import type { EmotionModel, SourceItem, StepWindow } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { NO_AUGMENTATION, writeAugmented } from '../augment/spectral.ts';
import type { StoredMel } from './stored.ts';

/** A recording with its channels mixed. */
export interface MonoRecording {
  readonly mono: Float32Array;
  readonly sampleRateHz: number;
}

/**
 * The windows of a recording on the live path. Each is valid until the next one is requested.
 *
 * @param change changes the audio on its way
 */
export async function* liveWindows(
  path: string,
  plans: FftPlans,
  needs?: EmotionModel['needs'],
  change: (items: AsyncIterable<SourceItem>) => AsyncIterable<SourceItem> = (items) => items,
): AsyncGenerator<StepWindow, void, undefined> {
  const analyzer = new StreamAnalyzer('training', plans, undefined, needs);
  for await (const item of change(openRecording(path).source.open(new AbortController().signal))) {
    for (const window of analyzer.analyze(item)) if ('mel' in window) yield window;
  }
}

/** The windows of stored mel frames. Their loudness is unknown: NaN. */
export async function* storedWindows({
  frames,
  ends,
}: StoredMel): AsyncGenerator<StepWindow, void, undefined> {
  const mel = new Float32Array(WINDOW_FRAMES * MEL_BANDS + frames.length); // zeros before the recording
  writeAugmented(frames, NO_AUGMENTATION, mel, WINDOW_FRAMES * MEL_BANDS);
  let before = 0;
  for (const [step, end] of ends.entries()) {
    const window = mel.subarray(end * MEL_BANDS, (end + WINDOW_FRAMES) * MEL_BANDS);
    yield { step, mel: window, newFrames: end - before, loudness: Number.NaN, arrivedAtMs: 0 };
    before = end;
  }
}

/**
 * Decodes a whole recording and mixes its channels as in live tracking.
 *
 * @throws UserError `bad-audio`, `bad-format`, or `bad-data` if its sample rate changes
 */
export async function decodeMono(path: string): Promise<MonoRecording> {
  const decoded = await decodeMonoUntil(path, Number.POSITIVE_INFINITY);
  if (!decoded.rateChanges) return decoded;
  throw new UserError(
    'bad-data',
    `The sample rate of the clip ${path} changes within the file; convert it to one rate or leave it out.`,
  );
}

/**
 * Decodes at least the first `seconds` of a recording, as `decodeMono` does, but ends where its sample rate changes.
 *
 * @throws UserError `bad-audio`, `bad-format`
 */
export async function decodeMonoUntil(
  path: string,
  seconds: number,
): Promise<MonoRecording & { readonly rateChanges: boolean }> {
  const pieces: Float32Array[] = [];
  let length = 0;
  const add = (piece: Float32Array) => {
    pieces.push(piece.slice());
    length += piece.length;
  };
  let downmix: Downmix | undefined;
  let channels = 0;
  let sampleRateHz = 0;
  let rateChanges = false;
  for await (const item of openRecording(path).source.open(new AbortController().signal)) {
    if (item.type !== 'audio') continue;
    sampleRateHz ||= item.sampleRateHz;
    rateChanges = item.sampleRateHz !== sampleRateHz;
    if (rateChanges || length >= seconds * sampleRateHz) break;
    if (!downmix || item.channels !== channels) {
      downmix?.flush(add);
      downmix = new Downmix(item, new Loudness(item));
      channels = item.channels;
    }
    downmix.push(item.samples, add);
  }
  downmix?.flush(add);
  const mono = new Float32Array(length);
  let at = 0;
  for (const piece of pieces) {
    mono.set(piece, at);
    at += piece.length;
  }
  return { mono, sampleRateHz, rateChanges };
}
