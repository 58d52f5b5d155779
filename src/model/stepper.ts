import type { EmotionModel, ModelInput, ModelOutput } from '../types.ts';

/** Runs the steps of all streams of one model in batches. */
export interface Stepper {
  readonly model: EmotionModel;
  /** Predicts one step of one stream. The window must not change until the promise settles. */
  step(input: ModelInput): Promise<ModelOutput>;
}

/** Larger batches are no faster per stream. */
export const MAX_BATCH = 64;
/** A batch should not block the event loop for longer. */
export const MAX_BATCH_MS = 60;
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
  let msPerStream = 0;

  function runBatch(): void {
    const most = Math.max(1, Math.min(MAX_BATCH, Math.floor(MAX_BATCH_MS / msPerStream)));
    const batch = waiting.splice(0, most);
    if (waiting.length > 0) setImmediate(runBatch);
    const began = now();
    try {
      const outputs = model.step(batch.map(({ input }) => input));
      for (const [i, { resolve }] of batch.entries()) resolve(outputs[i]!);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    msPerStream += NEWEST_WEIGHT * ((now() - began) / batch.length - msPerStream);
  }

  return {
    model,
    step(input) {
      return new Promise((resolve, reject) => {
        if (waiting.push({ input, resolve, reject }) === 1) setImmediate(runBatch);
      });
    },
  };
}
