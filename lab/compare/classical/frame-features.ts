import type { FftPlans, RealFft } from '../../../src/stream/fft.ts';
import { CHROMAS, type MeydaAtRate, MFCCS, meydaAt } from './meyda.ts';
import { cepstrum, overMaximum, spectralEntropy, spectralFlux } from './spectral.ts';

const PITCHES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

/** Names of the features of a frame, in order. */
export const FRAME_FEATURES: readonly string[] = [
  'rms',
  'zero crossings per second',
  'spectral centroid (Hz)',
  'spectral spread (Hz)',
  'spectral rolloff 99 % (Hz)',
  'spectral flatness',
  'spectral flux',
  'spectral entropy',
  ...Array.from({ length: MFCCS }, (_, i) => `mfcc ${i + 1}`),
  ...Array.from({ length: CHROMAS }, (_, i) => `chroma ${PITCHES[i]}`),
];

const FRAME_SECONDS = 2048 / 44_100;

/** Samples of a frame: the power of two nearest to 46 ms. */
export function frameSize(sampleRateHz: number): number {
  return 2 ** Math.round(Math.log2(FRAME_SECONDS * sampleRateHz));
}

/** Extracts the features of successive frames of a recording. The spectral flux compares each frame with the previous one. */
export class FrameFeatures {
  /** Samples of a frame. */
  readonly size: number;
  readonly #rateHz: number;
  readonly #fft: RealFft;
  readonly #meyda: MeydaAtRate;
  #amplitudes: Float32Array;
  #before: Float32Array;
  #first = true;

  /** @throws UserError `missing-package` */
  constructor(plans: FftPlans, rateHz: number) {
    const size = frameSize(rateHz);
    this.size = size;
    this.#rateHz = rateHz;
    this.#fft = plans.plan(size);
    this.#meyda = meydaAt(rateHz, size);
    this.#amplitudes = new Float32Array(size / 2);
    this.#before = new Float32Array(size / 2);
  }

  /**
   * Writes FRAME_FEATURES.length numbers to `out` at offset `at`. All features of a silent frame are 0, because an empty
   * spectrum has no centroid.
   *
   * @param signal [size] mono
   */
  write(signal: Float32Array, out: Float32Array, at: number): void {
    this.#readAmplitudes(signal);
    const ampSpectrum = this.#amplitudes;
    if (ampSpectrum.some((amplitude) => amplitude > 0)) {
      const input = { signal, ampSpectrum };
      const hzPerBin = this.#rateHz / this.size;
      const meyda = this.#meyda;
      const values = [
        meyda.rms(input),
        (meyda.zcr(input) * this.#rateHz) / this.size,
        meyda.spectralCentroid(input) * hzPerBin,
        meyda.spectralSpread(input) * hzPerBin,
        meyda.spectralRolloff(input),
        meyda.spectralFlatness(input),
        this.#first ? 0 : spectralFlux(ampSpectrum, this.#before),
        spectralEntropy(ampSpectrum),
        ...cepstrum(meyda.melFilters.apply(this.#power()), MFCCS),
        ...overMaximum(meyda.chromaFilters.apply(ampSpectrum)),
      ];
      // The variance of a pure tone's spectrum can round to a negative number, which makes its spread NaN.
      for (const [i, value] of values.entries()) out[at + i] = Number.isFinite(value) ? value : 0;
    } else out.fill(0, at, at + FRAME_FEATURES.length);
    this.#first = false;
    [this.#before, this.#amplitudes] = [this.#amplitudes, this.#before];
  }

  #readAmplitudes(signal: Float32Array): void {
    const { input } = this.#fft;
    const { window } = this.#meyda;
    for (let i = 0; i < this.size; i++) input[i] = signal[i]! * window[i]!;
    this.#fft.forward();
    const { spectrum } = this.#fft;
    const amplitudes = this.#amplitudes;
    amplitudes[0] = Math.abs(spectrum[0]!);
    for (let bin = 1; bin < amplitudes.length; bin++) {
      const re = spectrum[2 * bin]!;
      const im = spectrum[2 * bin + 1]!;
      amplitudes[bin] = Math.sqrt(re * re + im * im); // far faster than Math.hypot
    }
  }

  #power(): Float32Array {
    return this.#amplitudes.map((amplitude) => amplitude * amplitude);
  }
}
