import type { FftPlans, RealFft } from '../../../src/stream/fft.ts';
import { CHROMAS, type MeydaAtRate, MFCCS, meydaAt } from './meyda.ts';
import { cepstrum, overStrongest, spectralEntropy, spectralFlux } from './spectral.ts';

const PITCHES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

/** What is measured of every frame, in this order. */
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

/** Samples of a frame: the power of two that is nearest to 46 ms. */
export function frameSize(sampleRateHz: number): number {
  return 2 ** Math.round(Math.log2(FRAME_SECONDS * sampleRateHz));
}

/** Measures frames of a recording one after another: each is compared with the one before. */
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
   * Writes FRAME_FEATURES.length numbers to `out` from `at` on. A silent frame has zeros throughout, as a spectrum of
   * nothing has no middle.
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
        ...overStrongest(meyda.chromaFilters.apply(ampSpectrum)),
      ];
      // A pure tone's spread is the root of what rounding left, which may lie below 0.
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
