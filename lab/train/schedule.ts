export const SCHEDULES = ['cosine', 'constant', 'step', 'plateau'] as const;
type ScheduleName = (typeof SCHEDULES)[number];

export interface ScheduleOptions {
  /** The highest learning rate, reached at the end of the warm-up. */
  readonly learningRate: number;
  /**
   * The rate after the warm-up. `cosine`: half a cosine down to 0 at the last epoch. `constant`. `step`: times
   * `stepFactor` every `stepEpochs`. `plateau`: times `plateauFactor` whenever the validation score has not risen for
   * `plateauEpochs`.
   */
  readonly schedule: ScheduleName;
  /** Warm-up: share of all batches over which the rate rises linearly from 0. */
  readonly warmUp: number;
  readonly stepEpochs: number;
  readonly stepFactor: number;
  readonly plateauEpochs: number;
  readonly plateauFactor: number;
}

/** State of the schedule `plateau`; the other schedules ignore it. */
export interface PlateauState {
  readonly best: number | null;
  /** Epochs since the best score or the last reduction. */
  readonly waited: number;
  /** Number of reductions of the rate. */
  readonly lowered: number;
}

export const NO_PLATEAU: PlateauState = { best: null, waited: 0, lowered: 0 };

/**
 * The learning rate of a batch.
 *
 * @param done share of all batches of the whole training that are done after this one, 0 … 1
 * @param epoch counted from 1
 */
export function learningRateAt(
  options: ScheduleOptions,
  done: number,
  epoch: number,
  plateau: PlateauState = NO_PLATEAU,
): number {
  const { learningRate, warmUp, stepEpochs, stepFactor, plateauFactor } = options;
  if (done < warmUp) return (learningRate * done) / warmUp;
  switch (options.schedule) {
    case 'cosine':
      return (learningRate * (1 + Math.cos((Math.PI * (done - warmUp)) / Math.max(1 - warmUp, 1e-9)))) / 2;
    case 'constant':
      return learningRate;
    case 'step':
      return learningRate * stepFactor ** Math.floor((epoch - 1) / stepEpochs);
    case 'plateau':
      return learningRate * plateauFactor ** plateau.lowered;
  }
}

/** The state after an epoch with validation score `score`. */
export function afterEpoch(options: ScheduleOptions, plateau: PlateauState, score: number): PlateauState {
  const { best, waited, lowered } = plateau;
  if (best === null || score > best) return { best: score, waited: 0, lowered };
  if (waited + 1 < options.plateauEpochs) return { best, waited: waited + 1, lowered };
  return { best, waited: 0, lowered: lowered + 1 };
}
