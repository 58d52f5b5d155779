import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { storedShapes } from '../../../src/model/kinds/undertone/network.ts';
import { loadModel, MODELS_FOLDER } from '../../../src/model/load.ts';
import { sizeOf } from '../../../src/model/weights.ts';
import { UserError } from '../../../src/user-error.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { scoredSteps } from '../../evaluate/scored-steps.ts';
import { readConfig, resolveOptions } from '../../train/config-file.ts';
import { type Example, trainingSubset } from '../../train/example.ts';
import { extractTrainingExamples } from '../../train/examples.ts';
import { fitEnsemble } from '../../train/fit-ensemble.ts';
import type { TrainOptions } from '../../train/options.ts';
import { predict } from '../../train/predict.ts';
import { SequenceMaker, wholeClip } from '../../train/sequence.ts';
import { msPerStep } from '../step-cost.ts';
import type { CurvePoint, FoldTask, System, SystemCost } from '../system.ts';

const FOLDER = join(MODELS_FOLDER, 'undertone');
const CONFIG = join(FOLDER, 'config.json');
/** Raised when the same configuration trains differently. */
const VERSION = 1;

/** Examples of all clips: extraction is expensive, and all folds share them. */
let cached:
  | { readonly dataset: Dataset; readonly brief: boolean; readonly examples: Promise<Example[]> }
  | undefined;
let cost: SystemCost | undefined;

/** The default model, trained on all training songs of each fold for all epochs, without validation songs. */
export const undertone: System = {
  name: 'undertone',
  title: 'undertone',
  about:
    'The default model: the mean of a kernel regression and two networks, each a dense layer and an LSTM of 64, behind a pretrained audio transformer and harmony.',
  get version() {
    const config = existsSync(CONFIG) ? readFileSync(CONFIG) : '';
    return `${VERSION}-${createHash('sha256').update(config).digest('hex').slice(0, 12)}`;
  },
  async predict(task) {
    const options = await optionsOf(task);
    const examples = await extractedExamples(task, options);
    const { fold, engine, signal, onProgress } = task;
    const epochs = options.network.members * options.epochs;
    const curve: CurvePoint[] = [];
    const weights = await fitEnsemble({
      engine,
      options,
      examples: trainingSubset(examples, fold.isTraining),
      signal,
      onEpoch(epoch, loss) {
        if (epoch <= options.epochs) curve.push({ epoch, loss }); // of the first network; the others are similar
        onProgress(epoch, epochs);
      },
    });
    if (!weights) return undefined;
    const evaluated = examples.filter(
      ({ clip, labels }) => fold.isEvaluated(clip.song) && labels.some(Number.isFinite),
    );
    const maker = new SequenceMaker();
    const sequences = evaluated.map((example) => maker.make([wholeClip(example)]));
    const predicted = predict(engine.tf, options.network, weights, sequences);
    cost ??= await costOf();
    return {
      steps: scoredSteps(evaluated, predicted),
      curve,
      cost,
    };
  },
  stepMs: (engine) => msPerStep(engine, (wasm) => loadModel('undertone', wasm)),
  release() {
    cached = undefined;
  },
};

async function optionsOf({ seed, brief }: FoldTask): Promise<TrainOptions> {
  const config = await readConfig(CONFIG);
  const options = resolveOptions(config, { seed });
  if (brief) {
    const network = { ...options.network, members: 1, landmarks: 0 };
    return { ...options, epochs: 4, masterings: 0, passages: 0, network };
  }
  const missing = options.passages > 0 ? options.speech.find((folder) => !existsSync(folder)) : undefined;
  if (missing === undefined) return options;
  throw new UserError(
    'no-speech',
    `The default model also trains on speech in ${missing}, which does not exist in the working directory; create it with scripts/activity-data.sh or run the command from its folder.`,
  );
}

/** Examples of all clips. The first fold extracts them and reports them as its progress. */
function extractedExamples(task: FoldTask, options: TrainOptions): Promise<Example[]> {
  const { dataset, signal, onProgress } = task;
  const brief = task.brief ?? false;
  if (cached?.dataset === dataset && cached.brief === brief) return cached.examples;
  const clips = dataset.clips;
  let done = 0;
  const examples = extractTrainingExamples({ ...task, clips, network: options.network }, options, () => {
    signal.throwIfAborted();
    onProgress(++done, clips.length);
  });
  cached = { dataset, brief, examples };
  examples.catch(() => {
    cached = undefined;
  });
  return examples;
}

/** Size of the model that comes with undertone, including its audio transformer: int8 kernels, one byte a parameter. */
async function costOf(): Promise<SystemCost> {
  const network = resolveOptions(await readConfig(CONFIG)).network;
  const own = Object.values(storedShapes(network)).reduce((sum, shape) => sum + sizeOf(shape), 0);
  const bytes = (folder: string) => statSync(join(folder, 'weights.bin')).size;
  const encoder = bytes(join(MODELS_FOLDER, network.frontEnd));
  return {
    parameters: own + encoder,
    bytes: bytes(FOLDER) + encoder,
    msPerStep: Number.NaN,
  };
}
