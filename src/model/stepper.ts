import type {
  EarlyInput,
  EarlyPart,
  EmotionModel,
  ModelInput,
  ModelOutput,
  ModelState,
  StepWindow,
} from '../types.ts';

/** A part of one stream's step that can be computed before the step is due. */
export interface EarlyRequest {
  /** What there is of the step; asked for just before the part is computed. */
  input(): EarlyInput;
  /** @param part absent: there was no time */
  done(part?: EarlyPart): void;
}

/** Runs the steps of all streams of one model in batches. */
export interface Stepper {
  readonly model: EmotionModel;
  /** Predicts one step of one stream. The window must not change until the promise settles. */
  step(input: ModelInput): Promise<ModelOutput>;
  /** Predicts successive steps of one stream: part of a recording. Absent: each by `step`. */
  run?(windows: readonly StepWindow[], state: ModelState): Promise<ModelOutput[]>;
  /** Computes a part of a step before it is due, when no step waits. Absent: steps are computed at once. */
  early?(request: EarlyRequest): void;
}

/** Larger batches are no faster per stream. */
export const MAX_BATCH = 64;
/** A batch should not block the event loop for longer. */
export const MAX_BATCH_MS = 60;
/** Steps that become due wait for an early batch. */
export const MAX_EARLY_MS = 10;
/**
 * Nothing is computed early while batches take more than this share of the time: a step in parts costs more than at once,
 * and then streams wait for each other longer than for their own step.
 */
export const BUSY_WITHOUT_EARLY = 0.3;
const BUSY_SPAN_MS = 1_000;
/** Weight of the last batch in the estimate of the time per stream. */
const NEWEST_WEIGHT = 0.2;

interface Request {
  readonly input: ModelInput;
  readonly resolve: (output: ModelOutput) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Collects the steps that are requested within one turn of the event loop and runs them in one batch: many streams
 * cost little more than one.
 *
 * @param now the clock in ms; tests replace it
 */
export function createStepper(model: EmotionModel, now: () => number = () => performance.now()): Stepper {
  const waiting: Request[] = [];
  const early: EarlyRequest[] = [];
  let runsWaiting = 0;
  const steps = createBatchClock(now);
  const earlySteps = createBatchClock(now);

  function runBatch(): void {
    const batch = waiting.splice(0, Math.min(MAX_BATCH, steps.mostWithin(MAX_BATCH_MS)));
    if (waiting.length > 0) setImmediate(runBatch);
    steps.time(batch.length, () => {
      try {
        const outputs = model.step(batch.map(({ input }) => input));
        for (const [i, { resolve }] of batch.entries()) resolve(outputs[i]!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    });
  }

  function runEarly(): void {
    if (waiting.length + runsWaiting > 0) {
      setImmediate(runEarly);
      return;
    }
    const idle = steps.busy() + earlySteps.busy() < BUSY_WITHOUT_EARLY;
    const batch = early.splice(0, idle ? earlySteps.mostWithin(MAX_EARLY_MS) : early.length);
    if (early.length > 0) setImmediate(runEarly);
    if (idle) earlySteps.time(batch.length, () => computeEarly(batch));
    else for (const step of batch) step.done();
  }

  function computeEarly(batch: readonly EarlyRequest[]): void {
    try {
      const parts = model.early!.compute(batch.map((step) => step.input()));
      for (const [i, step] of batch.entries()) step.done(parts[i]);
    } catch {
      // The step meets the same error, and reports it.
      for (const step of batch) step.done();
    }
  }

  return {
    model,
    step(input) {
      return new Promise((resolve, reject) => {
        if (waiting.push({ input, resolve, reject }) === 1) setImmediate(runBatch);
      });
    },
    ...(model.run && {
      async run(windows: readonly StepWindow[], state: ModelState) {
        runsWaiting++;
        await new Promise(setImmediate); // Others have a turn.
        runsWaiting--;
        return model.run!(windows, state);
      },
    }),
    ...(model.early && {
      early(request: EarlyRequest) {
        if (early.push(request) === 1) setImmediate(runEarly);
      },
    }),
  };
}

/** Measures batches of one kind. */
function createBatchClock(now: () => number) {
  let msPerStream = 0;
  /** ms of batches within about the last BUSY_SPAN_MS, as of `at`. */
  let busyMs = 0;
  let at = now();

  return {
    /** Streams whose batch takes no longer than that. */
    mostWithin: (ms: number): number => Math.max(1, Math.floor(ms / msPerStream)),
    /** Share of the time that batches took. */
    busy: (): number => (busyMs / BUSY_SPAN_MS) * Math.exp((at - now()) / BUSY_SPAN_MS),
    time(streams: number, run: () => void): void {
      const began = now();
      run();
      const ended = now();
      msPerStream += NEWEST_WEIGHT * ((ended - began) / streams - msPerStream);
      busyMs = busyMs * Math.exp((at - ended) / BUSY_SPAN_MS) + (ended - began);
      at = ended;
    },
  };
}
