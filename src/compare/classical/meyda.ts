import { optionalPackage } from './optional-package.ts';

export const MFCCS = 13;
export const CHROMAS = 12;
const MEL_BANDS = 26;

/** What an extractor looks at. */
export interface MeydaInput {
  readonly signal: Float32Array;
  /** [bufferSize / 2] amplitudes from 0 Hz on. */
  readonly ampSpectrum: Float32Array;
}

/** Meyda's extractors at one sample rate and frame length. Frequencies of centroid and spread are in bins, as it has them. */
export interface MeydaExtractors {
  /** [bufferSize] Hann. */
  readonly window: Float32Array;
  rms(input: MeydaInput): number;
  /** Changes of sign. */
  zcr(input: MeydaInput): number;
  spectralCentroid(input: MeydaInput): number;
  spectralSpread(input: MeydaInput): number;
  /** Hz below which 99 % of the amplitude lies. */
  spectralRolloff(input: MeydaInput): number;
  spectralFlatness(input: MeydaInput): number;
  mfcc(input: MeydaInput): readonly number[];
  /** C first; the strongest is 1. */
  chroma(input: MeydaInput): readonly number[];
}

/** As much of the package as is used here. It is one object whose fields are its settings. */
interface Meyda {
  bufferSize: number;
  sampleRate: number;
  melBands: number;
  chromaBands: number;
  numberOfMFCCCoefficients: number;
  windowing(signal: Float32Array, name: 'hanning'): ArrayLike<number>;
  extract(feature: 'rms', signal: Float32Array): unknown;
  readonly featureExtractors: Readonly<
    Record<Exclude<keyof MeydaExtractors, 'window'>, (input: MeydaInput & Settings) => never>
  >;
  // made by `extract`
  readonly melFilterBank?: readonly (readonly number[])[];
  readonly chromaFilterBank?: readonly (readonly number[])[];
}

type Settings = Partial<Meyda>;

/**
 * The only place that knows Meyda's settings. They are fields of an object that the whole process shares, and filter
 * banks once made stay when the rate changes: so each rate has a copy of that object of its own.
 *
 * Its extractors are called one by one on a spectrum that is made elsewhere: `extract` would take its own FFT, ten times
 * as slow, and RMS and zero crossings of the windowed signal.
 *
 * @param size of a frame in samples, a power of two
 * @throws UserError `missing-package`
 */
export function meydaAt(sampleRateHz: number, size: number): Promise<MeydaExtractors> {
  const key = `${sampleRateHz}/${size}`;
  const made = known.get(key) ?? make(sampleRateHz, size);
  known.set(key, made);
  return made;
}

/** Filter banks take longer to make than a step to measure. */
const known = new Map<string, Promise<MeydaExtractors>>();

async function make(sampleRateHz: number, size: number): Promise<MeydaExtractors> {
  const { default: shared } = (await optionalPackage('meyda')) as { default: Meyda };
  const meyda: Meyda = {
    ...shared,
    bufferSize: size,
    sampleRate: sampleRateHz,
    melBands: MEL_BANDS,
    chromaBands: CHROMAS,
    numberOfMFCCCoefficients: MFCCS,
  };
  meyda.extract('rms', new Float32Array(size)); // makes the filter banks
  const settings: Settings = {
    bufferSize: size,
    sampleRate: sampleRateHz,
    numberOfMFCCCoefficients: MFCCS,
    melFilterBank: meyda.melFilterBank!,
    chromaFilterBank: meyda.chromaFilterBank!,
  };
  const { featureExtractors: all } = meyda;
  return {
    window: Float32Array.from(meyda.windowing(new Float32Array(size).fill(1), 'hanning')),
    rms: (input) => all.rms({ ...input, ...settings }),
    zcr: (input) => all.zcr({ ...input, ...settings }),
    spectralCentroid: (input) => all.spectralCentroid({ ...input, ...settings }),
    spectralSpread: (input) => all.spectralSpread({ ...input, ...settings }),
    spectralRolloff: (input) => all.spectralRolloff({ ...input, ...settings }),
    spectralFlatness: (input) => all.spectralFlatness({ ...input, ...settings }),
    mfcc: (input) => all.mfcc({ ...input, ...settings }),
    chroma: (input) => all.chroma({ ...input, ...settings }),
  };
}
