import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeActivityFile } from '../../src/model/activity/activity-file.ts';
import { SpeechNetwork } from '../../src/model/activity/speech-network.ts';
import type { Engine } from '../../src/model/engine.ts';
import { SUMMARY_LENGTH } from '../../src/model/summary.ts';
import type { Weights } from '../../src/model/weights.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import type { Clip } from '../datasets/song.ts';
import { Random } from '../train/random.ts';
import { type AnalyzedScene, analyzeScene } from './analyzed-scene.ts';
import { type ChosenRule, chooseRule, logOddsOf } from './choose-rule.ts';
import { fitSpeech, type SpeechTraining } from './fit-speech.ts';
import { DEAM, type Material, readMaterial } from './material.ts';
import { plainMusic, randomScene } from './scene.ts';

interface ActivityTraining extends SpeechTraining {
  /** Number of training scenes. */
  readonly scenes: number;
  readonly validationScenes: number;
  /** Steps of each scene. */
  readonly sceneSteps: number;
}

/** The options of the detector that is included with undertone. */
export const ACTIVITY_TRAINING: ActivityTraining = {
  network: { inputs: SUMMARY_LENGTH, projection: 48, hidden: 24 },
  scenes: 1000,
  validationScenes: 120,
  sceneSteps: 96,
  epochs: 14,
  seed: 1,
  streams: 16,
  learningRate: 3e-3,
  decay: 1e-2,
  maxNorm: 1,
  noise: 0.15,
  dropout: 0.2,
  averaging: 0.98,
};

interface ActivityRequest {
  /** Folder that scripts/activity-data.sh has filled. */
  readonly data: string;
  /** Clips of DEAM. */
  readonly clips: readonly Clip[];
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  /** Folder that the detector is written to. */
  readonly out: string;
  readonly options: ActivityTraining;
  readonly onEvent: (event: ActivityEvent) => void;
}

/** Progress of a training. The events `begin`, `epoch` and `done` are also lines of `training.jsonl`. */
export type ActivityEvent =
  | { readonly type: 'reading'; readonly source: string }
  | { readonly type: 'analyzed'; readonly scenes: number; readonly of: number }
  | {
      readonly type: 'begin';
      readonly options: ActivityTraining;
      readonly engine: string;
      /** Minutes of each source. */
      readonly material: Readonly<Record<string, number>>;
    }
  | {
      readonly type: 'epoch';
      readonly epoch: number;
      readonly loss: number;
      readonly validationLoss: number;
      readonly best: boolean;
    }
  | ({ readonly type: 'done'; readonly bestEpoch: number } & ChosenRule);

/**
 * Trains a detector of speech and music and writes it to a folder with its log `training.jsonl`. The weights of the
 * epoch with the least validation loss are kept.
 *
 * @throws UserError `bad-data` if material is missing
 */
export async function trainActivity(request: ActivityRequest): Promise<void> {
  const { engine, fft, options, out } = request;
  const log: ActivityEvent[] = [];
  const emit = (event: ActivityEvent) => {
    if (event.type === 'begin' || event.type === 'epoch' || event.type === 'done') log.push(event);
    request.onEvent(event);
  };
  const onSource = (source: string) => emit({ type: 'reading', source });
  const train = await readMaterial({ ...request, part: 'train', onSource });
  const validation = await readMaterial({ ...request, part: 'validation', onSource });
  emit({
    type: 'begin',
    options,
    engine: engine.description,
    material: minutesOf([...train, ...validation]),
  });
  const all = options.scenes + options.validationScenes;
  const makeScenes = (
    material: readonly Material[],
    count: number,
    seed: number,
    before: number,
  ): AnalyzedScene[] => {
    const random = new Random(seed);
    return Array.from({ length: count }, (_, i) => {
      emit({ type: 'analyzed', scenes: before + i, of: all });
      return analyzeScene(randomScene(material, options.sceneSteps, random), fft);
    });
  };
  const scenes = makeScenes(train, options.scenes, options.seed, 0);
  const validationScenes = makeScenes(validation, options.validationScenes, options.seed + 1, options.scenes);
  const music = plainMusic(validation.find(({ name }) => name === DEAM) ?? validation.at(-1)!).map((scene) =>
    analyzeScene(scene, fft),
  );

  let best: { epoch: number; loss: number; weights: Weights } | undefined;
  for await (const { epoch, loss, weights } of fitSpeech(engine.tf, scenes, options)) {
    const validationLoss = meanLoss(options, weights, validationScenes);
    const isBest = !best || validationLoss < best.loss;
    if (isBest) best = { epoch, loss: validationLoss, weights };
    emit({ type: 'epoch', epoch, loss, validationLoss, best: isBest });
  }
  const { epoch: bestEpoch, weights } = best!;
  const chosen = chooseRule(options.network, weights, validationScenes, music);
  emit({ type: 'done', bestEpoch, ...chosen });
  const training = { ...options, engine: engine.description, bestEpoch };
  await writeActivityFile(out, { network: options.network, rule: chosen.rule, training, weights });
  await writeFile(join(out, 'training.jsonl'), log.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

function minutesOf(material: readonly Material[]): Record<string, number> {
  const minutes: Record<string, number> = {};
  for (const { name, seconds } of material) {
    minutes[name] = Math.round(10 * ((minutes[name] ?? 0) + seconds / 60)) / 10;
  }
  return minutes;
}

/** Mean cross-entropy over the labeled steps. */
function meanLoss(
  { network: config }: ActivityTraining,
  weights: Weights,
  scenes: readonly AnalyzedScene[],
): number {
  const network = new SpeechNetwork(config, weights);
  let [sum, count] = [0, 0];
  for (const scene of scenes) {
    for (const [step, logOdds] of logOddsOf(network, config, scene).entries()) {
      const label = scene.labels[step]!;
      if (Number.isNaN(label)) continue;
      sum += Math.log1p(Math.exp(label === 1 ? -logOdds : logOdds));
      count++;
    }
  }
  return sum / count;
}
