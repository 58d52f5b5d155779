import { optionalPackage } from './optional-package.ts';
import { FilterBank } from './spectral.ts';

export const MFCCS = 13;
export const CHROMAS = 12;
const MEL_BANDS = 26;

/** What an extractor looks at. */
export interface MeydaInput {
  readonly signal: Float32Array;
  /** [bufferSize / 2] amplitudes from 0 Hz on. */
  readonly ampSpectrum: Float32Array;
}

/** Meyda at one sample rate and frame length. Frequencies of centroid and spread are in bins, as it has them. */
export interface MeydaAtRate {
  /** [bufferSize] Hann. */
  readonly window: Float32Array;
  /** For power, MEL_BANDS of them. */
  readonly melFilters: FilterBank;
  /** For amplitudes, C first. */
  readonly chromaFilters: FilterBank;
  rms(input: MeydaInput): number;
  /** Changes of sign. */
  zcr(input: MeydaInput): number;
  spectralCentroid(input: MeydaInput): number;
  spectralSpread(input: MeydaInput): number;
  /** Hz below which 99 % of the amplitude lies. */
  spectralRolloff(input: MeydaInput): number;
  spectralFlatness(input: MeydaInput): number;
}

type Extractor =
  | 'rms'
  | 'zcr'
  | 'spectralCentroid'
  | 'spectralSpread'
  | 'spectralRolloff'
  | 'spectralFlatness';

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
    Record<Extractor, (input: MeydaInput & { sampleRate: number }) => number>
  >;
  // made by `extract`
  readonly melFilterBank?: readonly (readonly number[])[];
  readonly chromaFilterBank?: readonly (readonly number[])[];
}

/**
 * The only place that knows Meyda's settings. They are fields of an object that the whole process shares, and filter
 * banks once made stay when the rate changes: so each rate has a copy of that object of its own.
 *
 * Its extractors are called one by one on a spectrum that is made elsewhere, as `extract` would take an FFT ten times as
 * slow, and RMS and zero crossings of the windowed signal. Its filters are applied elsewhere too: going through every
 * bin of each, they were nine tenths of a frame's time. Its flux throws, as it uses a name that it does not declare.
 *
 * @param size of a frame in samples, a power of two
 * @throws UserError `missing-package`
 */
export function meydaAt(sampleRateHz: number, size: number): MeydaAtRate {
  const key = `${sampleRateHz}/${size}`;
  const made = known.get(key) ?? make(sampleRateHz, size);
  known.set(key, made);
  return made;
}

/** Filter banks take longer to make than a step to measure. */
const known = new Map<string, MeydaAtRate>();

function make(sampleRate: number, size: number): MeydaAtRate {
  const shared = optionalPackage('meyda') as Meyda;
  const meyda: Meyda = {
    ...shared,
    bufferSize: size,
    sampleRate,
    melBands: MEL_BANDS,
    chromaBands: CHROMAS,
    numberOfMFCCCoefficients: MFCCS,
  };
  meyda.extract('rms', new Float32Array(size)); // makes the filter banks
  const { featureExtractors: all } = meyda;
  return {
    window: Float32Array.from(meyda.windowing(new Float32Array(size).fill(1), 'hanning')),
    melFilters: new FilterBank(meyda.melFilterBank!, size / 2),
    chromaFilters: new FilterBank(meyda.chromaFilterBank!, size / 2),
    rms: (input) => all.rms({ ...input, sampleRate }),
    zcr: (input) => all.zcr({ ...input, sampleRate }),
    spectralCentroid: (input) => all.spectralCentroid({ ...input, sampleRate }),
    spectralSpread: (input) => all.spectralSpread({ ...input, sampleRate }),
    spectralRolloff: (input) => all.spectralRolloff({ ...input, sampleRate }),
    spectralFlatness: (input) => all.spectralFlatness({ ...input, sampleRate }),
  };
}
