import type { Make } from './encode.ts';

/** What can differ between the frames of a row and those of ffmpeg's decode of it. */
export const FAULTS = [
  'error', // an error instead of sound, or after it
  'samples',
  'steps',
  'noise', // of samples that should be equal
  'loudness',
  'valence',
  'arousal',
  'activity',
  'gaps', // the number of format changes, or gaps that ffmpeg does not have
  'played', // a row that should be refused is not
  'sentence', // refused, but without the true cause
] as const;
export type Fault = (typeof FAULTS)[number];

/** One file: a codec in a container, at a rate, with channels, with or without damage. */
export interface Row {
  /** `s16, 44.1 kHz, stereo` */
  readonly name: string;
  /** Extension of the file, by which ffmpeg chooses the container. */
  readonly extension: string;
  readonly make: Make;
  /** Overrides the group's. */
  readonly tolerance?: Tolerance;
  /** undertone does not decode it: what the sentence must contain, which is the true cause. */
  readonly refused?: RegExp;
  /** Overrides the group's. */
  readonly tellsEnd?: boolean;
}

export interface Tolerance {
  /** Samples per channel, at the file's rate, that can be missing or too many: the codec's delay and padding. */
  readonly samples: number;
  /** Samples per channel that ffmpeg delivers at the start of each recording and undertone does not: the encoder's delay. */
  readonly delay?: number;
  /** Of valence and arousal. */
  readonly emotion: number;
  /** The lowest ratio of signal to difference; absent where the decoder is free in phase or delay. */
  readonly snrDb?: number;
}

/** Rows of one format. */
export interface Group {
  /** A heading of docs/formats.md. */
  readonly title: string;
  /** The npm package, or the file of undertone, that decodes it. */
  readonly decoder: string;
  readonly tolerance: Tolerance;
  /** The file states its length, so that a part of it is recognized as cut short. */
  readonly tellsEnd?: boolean;
  readonly rows: readonly Row[];
}

/** The largest deviation of loudness, in LU. */
export const LOUDNESS_LU = 0.3;

export const exact = { samples: 0, emotion: 0.03, snrDb: 90 } as const;
/** @param samples see `Tolerance` */
export const lossy = (samples: number, delay = 0): Tolerance => ({ samples, delay, emotion: 0.08 });
/** Decoders of ADPCM are defined to the last bit, but round differently. */
export const adpcm = (samples: number): Tolerance => ({ samples, emotion: 0.03, snrDb: 40 });
