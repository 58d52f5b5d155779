import { Downmix } from '../../../src/stream/downmix.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { Loudness } from '../../../src/stream/loudness.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../../../src/stream/mel-ring.ts';
import { openRecording } from '../../../src/stream/sources/index.ts';
import { StreamAnalyzer } from '../../../src/stream/stream-analyzer.ts';
import type { EmotionModel, StepWindow } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { NO_AUGMENTATION, writeAugmented } from '../augment/spectral.ts';
import type { StoredMel } from './stored.ts';

/** The windows of a recording on the live path. Each is valid until the next one is requested. */
export async function* liveWindows(
  path: string,
  plans: FftPlans,
  needs?: EmotionModel['needs'],
): AsyncGenerator<StepWindow, void, undefined> {
  const analyzer = new StreamAnalyzer('training', plans, undefined, needs);
  for await (const item of openRecording(path).source.open(new AbortController().signal)) {
    for (const window of analyzer.analyze(item)) if ('mel' in window) yield window;
  }
}

/** The windows of stored mel frames, augmented. Their loudness is unknown: NaN. */
export async function* storedWindows(
  { frames, ends }: StoredMel,
  spectral = NO_AUGMENTATION,
): AsyncGenerator<StepWindow, void, undefined> {
  const mel = new Float32Array(WINDOW_FRAMES * MEL_BANDS + frames.length); // zeros before the recording
  writeAugmented(frames, spectral, mel, WINDOW_FRAMES * MEL_BANDS);
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
export async function decodeMono(path: string): Promise<{ mono: Float32Array; sampleRateHz: number }> {
  const pieces: Float32Array[] = [];
  const add = (piece: Float32Array) => pieces.push(piece.slice());
  let downmix: Downmix | undefined;
  let channels = 0;
  let sampleRateHz = 0;
  for await (const item of openRecording(path).source.open(new AbortController().signal)) {
    if (item.type !== 'audio') continue;
    sampleRateHz ||= item.sampleRateHz;
    if (item.sampleRateHz !== sampleRateHz) {
      throw new UserError(
        'bad-data',
        `The sample rate of the clip ${path} changes within the file; convert it to one rate or leave it out.`,
      );
    }
    if (!downmix || item.channels !== channels) {
      downmix?.flush(add);
      downmix = new Downmix(item, new Loudness(item));
      channels = item.channels;
    }
    downmix.push(item.samples, add);
  }
  downmix?.flush(add);
  const mono = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    mono.set(piece, at);
    at += piece.length;
  }
  return { mono, sampleRateHz };
}
