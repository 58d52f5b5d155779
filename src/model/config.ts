import { MEL_BANDS } from '../stream/mel.ts';
import { WINDOW_FRAMES } from '../stream/mel-ring.ts';
import type { FrontEndName } from './kinds/undertone/front-ends/front-end.ts';
import { MUSICNN_INPUTS } from './kinds/undertone/front-ends/musicnn/taggers.ts';
import { PATCH_INPUTS } from './kinds/undertone/front-ends/patches/sizes.ts';

/** What a set of weights was made for. It is stored beside them and checked when they are loaded. */
export interface NetworkConfig {
  /** What makes numbers of a window. */
  readonly frontEnd: FrontEndName;
  /** How many: `INPUTS[frontEnd]`. */
  readonly inputs: number;
  /** Width of the dense layer before the LSTM. */
  readonly projection: number;
  /** Units of the LSTM. */
  readonly hidden: number;
  /** How many such networks, learned apart, answer together; 1 for one alone. */
  readonly members: number;
}

/** Frames of the two spans that a summary looks at: the whole window of 3 s, and the newest 0.5 s. */
export const SPANS = [WINDOW_FRAMES, 31] as const;
/** Mean, standard deviation, mean change and maximum. */
export const STATISTICS = 4;

/** Neighbouring bands are joined into this many groups before their rhythm is measured. */
export const RHYTHM_GROUPS = 12;
/** Pulses per second at which rhythm is measured: 16 from 0.7 to 12 Hz (42 to 720 a minute), evenly in log. */
export const RHYTHM_RATES: readonly number[] = Array.from(
  { length: 16 },
  (_, i) => 0.7 * (12 / 0.7) ** (i / 15),
);

export const SUMMARY_LENGTH = SPANS.length * STATISTICS * MEL_BANDS + RHYTHM_GROUPS * RHYTHM_RATES.length;

/** Length of the row that each front end makes of a window. */
export const INPUTS: Readonly<Record<FrontEndName, number>> = {
  mel: SUMMARY_LENGTH,
  patches: SUMMARY_LENGTH + PATCH_INPUTS,
  musicnn: MUSICNN_INPUTS,
};

export const DEFAULT_NETWORK: NetworkConfig = {
  frontEnd: 'mel',
  inputs: SUMMARY_LENGTH,
  projection: 96,
  hidden: 64,
  members: 1,
};
