import type { EmotionModel, ModelInput, ModelOutput } from '../types.ts';

/** Runs the steps of all streams on one model. */
export interface Stepper {
  readonly model: EmotionModel;
  step(input: ModelInput): Promise<ModelOutput>;
}

/** Larger batches are no faster per stream. */
export const MAX_BATCH = 64;
/** Many streams run batch by batch, none of which should block the event loop for longer. */
export const MAX_BATCH_MS = 60;
/** Weight of the last batch in the estimate of a stream's time. */
const NEWEST = 0.2;

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
    } catch (fault) {
      for (const { reject } of batch) reject(fault);
    }
    msPerStream += NEWEST * ((now() - began) / batch.length - msPerStream);
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
