import type { MelStore } from './mel-store.ts';
import type { StepRing } from './step-ring.ts';
import { firstAfter } from './steps.ts';

/** Upper ends of the three ranges that the text names, in Hz. */
export const LOW_TOP_HZ = 250;
export const MIDDLE_TOP_HZ = 2_000;

/** Mean levels of a time, in percent of full strength. */
export interface MelLevels {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  /** The middle of the strongest band. */
  readonly strongestHz: number;
}

/** What the mel frames of `from` … `to` (seconds since 1970) are like; null without any. */
export function melLevels(store: MelStore, ring: StepRing, from: number, to: number): MelLevels | null {
  const { hz } = store;
  const sums = new Float64Array(hz.length);
  let count = 0;
  for (let i = firstAfter(ring, from); i < ring.length && ring.x(i) <= to; i++) {
    const data = store.of(ring, i);
    if (data === undefined) continue;
    for (let k = 0; k < data.length; k++) sums[k % hz.length]! += data[k]!;
    count += data.length / hz.length;
  }
  if (count === 0) return null;
  const means = [...sums].map((sum) => (sum / count / 255) * 100);
  const mean = (above: number, upTo: number) => {
    const some = means.filter((_, band) => hz[band]! > above && hz[band]! <= upTo);
    return Math.round(some.reduce((sum, value) => sum + value, 0) / some.length);
  };
  return {
    low: mean(0, LOW_TOP_HZ),
    middle: mean(LOW_TOP_HZ, MIDDLE_TOP_HZ),
    high: mean(MIDDLE_TOP_HZ, Number.POSITIVE_INFINITY),
    strongestHz: hz[means.indexOf(Math.max(...means))]!,
  };
}
