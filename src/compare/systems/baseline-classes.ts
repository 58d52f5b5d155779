import type { SeedPredicted } from '../../model/seeds/train/predict.ts';
import type { FoldAnswer, Scheme } from '../system.ts';

/** Where the logits of each scheme begin. */
const LOGITS: Readonly<Record<Scheme, number>> = { quadrants: 0, words: 4 };
const CLASSES = 4;

/** How likely each class is at the labelled steps, as a network that says classes has it; nothing of others. */
export function baselineClasses(said: readonly SeedPredicted[]): Pick<FoldAnswer, 'classes'> {
  if (!said.every(({ classes }) => classes)) return {};
  const chances = (scheme: Scheme): Float32Array =>
    Float32Array.from(
      said.flatMap((clip) => [...labelledSteps(clip)].flatMap((at) => softmax(clip, at, scheme))),
    );
  return { classes: { quadrants: chances('quadrants'), words: chances('words') } };
}

function* labelledSteps({ sequence: { steps, labels } }: SeedPredicted): Generator<number> {
  for (let step = 0; step < steps; step++) if (!Number.isNaN(labels[2 * step]!)) yield step;
}

function softmax({ classes }: SeedPredicted, step: number, scheme: Scheme): number[] {
  const from = 2 * CLASSES * step + LOGITS[scheme];
  const logits = [...classes!.subarray(from, from + CLASSES)];
  const most = Math.max(...logits);
  const shares = logits.map((logit) => Math.exp(logit - most));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}
