import { optionalPackage } from './optional-package.ts';
import { FilterBank } from './spectral.ts';

export const MFCCS = 13;
export const CHROMAS = 12;
const MEL_BANDS = 26;

/** Input of an extractor. */
interface MeydaInput {
  readonly signal: Float32Array;
  /** [bufferSize / 2] amplitudes from 0 Hz. */
  readonly ampSpectrum: Float32Array;
}

/** Meyda for one sample rate and frame length. Like Meyda, centroid and spread are in bins. */
export interface MeydaAtRate {
  /** [bufferSize] Hann window. */
  readonly window: Float32Array;
  /** MEL_BANDS filters for power spectra. */
  readonly melFilters: FilterBank;
  /** Filters for amplitude spectra, C first. */
  readonly chromaFilters: FilterBank;
  rms(input: MeydaInput): number;
  /** Number of zero crossings. */
  zcr(input: MeydaInput): number;
  spectralCentroid(input: MeydaInput): number;
  spectralSpread(input: MeydaInput): number;
  /** Frequency in Hz below which 99 % of the amplitude lies. */
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

/** The part of the Meyda API that is used here: one object whose fields are its settings. */
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
  // created by `extract`
  readonly melFilterBank?: readonly (readonly number[])[];
  readonly chromaFilterBank?: readonly (readonly number[])[];
}

/**
 * Returns Meyda's extractors for a sample rate and frame size. Meyda keeps its settings in one object for the whole
 * process, and keeps its filter banks when the rate changes, so each rate gets its own copy of that object.
 *
 * The extractors run one by one on a spectrum that is computed elsewhere: `extract` has a ten times slower FFT, and
 * takes RMS and zero crossings of the windowed signal. The filters are applied elsewhere, too: Meyda visits every bin of
 * each filter, which took nine tenths of the time of a frame. Its spectral flux throws a ReferenceError.
 *
 * @param size of a frame in samples, a power of two
 * @throws UserError `missing-package`
 */
export function meydaAt(sampleRateHz: number, size: number): MeydaAtRate {
  const key = `${sampleRateHz}/${size}`;
  const made = cache.get(key) ?? createMeyda(sampleRateHz, size);
  cache.set(key, made);
  return made;
}

/** Creating filter banks takes longer than analyzing a step. */
const cache = new Map<string, MeydaAtRate>();

function createMeyda(sampleRate: number, size: number): MeydaAtRate {
  const shared = optionalPackage('meyda') as Meyda;
  const meyda: Meyda = {
    ...shared,
    bufferSize: size,
    sampleRate,
    melBands: MEL_BANDS,
    chromaBands: CHROMAS,
    numberOfMFCCCoefficients: MFCCS,
  };
  meyda.extract('rms', new Float32Array(size)); // creates the filter banks
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
