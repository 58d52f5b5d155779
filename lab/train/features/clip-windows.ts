import type { FftPlans } from '../../../src/stream/fft.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../../../src/stream/mel-ring.ts';
import { openRecording } from '../../../src/stream/sources/index.ts';
import { StreamAnalyzer } from '../../../src/stream/stream-analyzer.ts';
import type { EmotionModel, StepWindow } from '../../../src/types.ts';
import { type Colour, writeColoured } from '../augment/spectral.ts';
import type { ClipMel } from './stored.ts';

/** A recording's windows on the live path. Each is that of its own analysis and stays until the next is asked for. */
export async function* liveWindows(
  path: string,
  plans: FftPlans,
  needs?: EmotionModel['needs'],
): AsyncGenerator<StepWindow, void, undefined> {
  const analyzer = new StreamAnalyzer('training', plans, undefined, needs);
  for await (const item of openRecording(path).source.open(new AbortController().signal)) {
    for (const heard of analyzer.analyze(item)) if ('mel' in heard) yield heard;
  }
}

/** The windows of stored mel frames, heard through `colour`. Loudness is not known of them: NaN. */
export async function* colouredWindows(
  { frames, ends }: ClipMel,
  colour: Colour,
): AsyncGenerator<StepWindow, void, undefined> {
  const mel = new Float32Array(WINDOW_FRAMES * MEL_BANDS + frames.length); // zeros from before it began
  writeColoured(frames, colour, mel, WINDOW_FRAMES * MEL_BANDS);
  let before = 0;
  for (const [step, end] of ends.entries()) {
    const window = mel.subarray(end * MEL_BANDS, (end + WINDOW_FRAMES) * MEL_BANDS);
    yield { step, mel: window, newFrames: end - before, loudness: Number.NaN, arrivedAtMs: 0 };
    before = end;
  }
}
