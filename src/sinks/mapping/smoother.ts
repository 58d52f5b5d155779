import { STEP_SECONDS } from '../../types.ts';

export interface Smoother {
  /** Takes the number at `t` (seconds of audio) and returns the smoothed one. */
  next(value: number, t: number): number;
  /** Forgets what came before: the next number is returned as it is. */
  reset(): void;
}

/**
 * A low-pass filter of the first order: y += (1 - e^(-dt/τ)) · (x - y). After a jump it has covered 63 % of the way
 * within τ. Smith, Introduction to Digital Filters, "One-Pole", ccrma.stanford.edu/~jos/filters/One_Pole.html
 *
 * @param seconds the time constant τ; 0: no smoothing
 */
export function createSmoother(seconds: number): Smoother {
  let last: number | undefined;
  let lastT = 0;
  return {
    next(value, t) {
      // A run that begins again, or a gap, must not give a step of 0 or less.
      const dt = Math.max(t - lastT, STEP_SECONDS);
      last =
        last === undefined || seconds === 0 ? value : last + (1 - Math.exp(-dt / seconds)) * (value - last);
      lastT = t;
      return last;
    },
    reset() {
      last = undefined;
    },
  };
}
