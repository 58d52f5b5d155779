import type { EmotionModel, ModelInput, ModelOutput } from '../types.ts';

/** Runs the steps of all streams on one model. */
export interface Stepper {
  readonly model: EmotionModel;
  step(input: ModelInput): Promise<ModelOutput>;
}

/** More streams than this are worked off batch by batch, so that a crowd never holds up the event loop for long. */
export const MAX_BATCH = 64;

interface Request {
  readonly input: ModelInput;
  readonly resolve: (output: ModelOutput) => void;
  readonly reject: (fault: unknown) => void;
}

/**
 * Gathers the steps that streams ask for within one turn of the event loop and runs them together: many
 * streams cost little more than one. A request's window is read before its promise settles, so its
 * stream must not go on until then.
 */
export function createStepper(model: EmotionModel): Stepper {
  const waiting: Request[] = [];

  function runBatch(): void {
    const batch = waiting.splice(0, MAX_BATCH);
    if (waiting.length > 0) setImmediate(runBatch);
    try {
      const outputs = model.step(batch.map(({ input }) => input));
      for (const [i, { resolve }] of batch.entries()) resolve(outputs[i]!);
    } catch (fault) {
      for (const { reject } of batch) reject(fault);
    }
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
