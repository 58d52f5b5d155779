import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeActivityFile } from '../../src/model/activity/activity-file.ts';
import { SpeechNetwork } from '../../src/model/activity/speech-network.ts';
import type { Engine } from '../../src/model/engine.ts';
import { SUMMARY_LENGTH } from '../../src/model/summary.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import type { Clip } from '../datasets/dataset.ts';
import { Random } from '../train/random.ts';
import { type AnalyzedScene, analyzeScene } from './analyzed-scene.ts';
import { type ChosenRule, chooseRule, logOddsOf } from './choose-rule.ts';
import { fitSpeech, type SpeechTraining } from './fit-speech.ts';
import { DEAM, type Material, readMaterial } from './material.ts';
import { plainMusic, randomScene } from './scene.ts';

export interface ActivityRun {
  /** As scripts/activity-data.sh fills it. */
  readonly data: string;
  /** Clips of DEAM. */
  readonly clips: readonly Clip[];
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly out: string;
  readonly options: ActivityTraining;
  readonly onEvent: (event: ActivityEvent) => void;
}

export type ActivityEvent =
  | { readonly type: 'reading'; readonly source: string }
  | { readonly type: 'heard'; readonly scenes: number; readonly of: number }
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

/** Trains a detector and writes it, with its log `training.jsonl`, to a folder. */
export async function trainActivity(run: ActivityRun): Promise<void> {
  const { engine, fft, options, out } = run;
  const log: ActivityEvent[] = [];
  const tell = (event: ActivityEvent) => {
    if (event.type === 'begin' || event.type === 'epoch' || event.type === 'done') log.push(event);
    run.onEvent(event);
  };
  const onSource = (source: string) => tell({ type: 'reading', source });
  const train = await readMaterial({ ...run, part: 'train', onSource });
  const validation = await readMaterial({ ...run, part: 'validation', onSource });
  tell({
    type: 'begin',
    options,
    engine: engine.description,
    material: minutesOf([...train, ...validation]),
  });
  const all = options.scenes + options.validationScenes;
  const hear = (material: readonly Material[], count: number, seed: number, before: number): AnalyzedScene[] => {
    const random = new Random(seed);
    return Array.from({ length: count }, (_, i) => {
      tell({ type: 'heard', scenes: before + i, of: all });
      return analyzeScene(randomScene(material, options.sceneSteps, random), fft);
    });
  };
  const scenes = hear(train, options.scenes, options.seed, 0);
  const validationScenes = hear(validation, options.validationScenes, options.seed + 1, options.scenes);
  const music = plainMusic(validation.find(({ name }) => name === DEAM) ?? validation.at(-1)!).map((scene) =>
    analyzeScene(scene, fft),
  );

  let best: { epoch: number; loss: number; weights: ActivityWeights } | undefined;
  for await (const { epoch, loss, weights } of fitSpeech(engine.tf, scenes, options)) {
    const validationLoss = meanLoss(options, weights, validationScenes);
    const isBest = !best || validationLoss < best.loss;
    if (isBest) best = { epoch, loss: validationLoss, weights };
    tell({ type: 'epoch', epoch, loss, validationLoss, best: isBest });
  }
  const { epoch: bestEpoch, weights } = best!;
  const chosen = chooseRule(options.network, weights, validationScenes, music);
  tell({ type: 'done', bestEpoch, ...chosen });
  const training = { ...options, engine: engine.description, bestEpoch };
  await writeActivityFile(out, { network: options.network, rule: chosen.rule, training, weights });
  await writeFile(join(out, 'training.jsonl'), log.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

type ActivityWeights = Parameters<typeof chooseRule>[1];

function minutesOf(material: readonly Material[]): Record<string, number> {
  const minutes: Record<string, number> = {};
  for (const { name, seconds } of material) {
    minutes[name] = Math.round(10 * ((minutes[name] ?? 0) + seconds / 60)) / 10;
  }
  return minutes;
}

/** Mean cross-entropy over the steps that are asked. */
function meanLoss(
  { network: config }: ActivityTraining,
  weights: ActivityWeights,
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

export interface ActivityTraining extends SpeechTraining {
  /** Scenes to learn from and to validate on, and steps of each. */
  readonly scenes: number;
  readonly validationScenes: number;
  readonly sceneSteps: number;
}

/** How the detector that comes with undertone was trained. */
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
