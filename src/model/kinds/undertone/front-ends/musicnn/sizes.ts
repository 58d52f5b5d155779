/** Length of the filters of the timbral front end and of the middle layers, in frames. */
export const KERNEL_FRAMES = 7;
/** Frames that such a filter needs on either side; zeros at the edge of a patch. */
export const KERNEL_PAD = 3;

/** Length of each temporal filter in frames. "Same" padding adds one more frame after than before. */
export const TEMPORAL_TAPS = [128, 64, 32] as const;
export const framesBefore = (taps: number): number => Math.floor((taps - 1) / 2);
export const framesAfter = (taps: number): number => taps - 1 - framesBefore(taps);

export const TIMBRAL_CHANNELS = 408;
export const TEMPORAL_CHANNELS = 51;
/** The whole front end: 561. */
export const FRONT_CHANNELS = TIMBRAL_CHANNELS + TEMPORAL_CHANNELS * TEMPORAL_TAPS.length;
export const MIDDLE_CHANNELS = 64;
export const MIDDLE_LAYERS = 3;
/** The front end and the three middle layers concatenated: 753. */
export const FRAME_CHANNELS = FRONT_CHANNELS + MIDDLE_CHANNELS * MIDDLE_LAYERS;
const PENULTIMATE = 200;

/** Maximum rows of one convolution, which limits the memory of a large batch (48 kB per row). */
export const ROWS_AT_ONCE = 512;

const MIDDLE = MIDDLE_CHANNELS * MIDDLE_LAYERS;

/** Start and end of each part of the feature vector. All parts cover the newest 187 frames, 3 s. */
export const FEATURES = {
  /** Mean over time of the three middle layers. */
  middleMean: [0, MIDDLE],
  /** Maximum over time of the three middle layers. */
  middleMax: [MIDDLE, 2 * MIDDLE],
  /** The last layer before the tags. */
  penultimate: [2 * MIDDLE, 2 * MIDDLE + PENULTIMATE],
} as const;
export const FEATURE_COUNT: number = FEATURES.penultimate[1];
