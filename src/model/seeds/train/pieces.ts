import { type BaselineConfig, maxSteps, memoryLengths } from '../../kinds/baselines/systems.ts';
import type { Random } from '../../train/random.ts';
import type { Piece } from './batch.ts';
import type { SeedExample } from './examples.ts';
import type { Recipe } from './recipes.ts';

/** Whether what a network predicts for a step depends on those before it. */
export function remembers(config: BaselineConfig): boolean {
  return Object.keys(memoryLengths(config)).length > 0;
}

/** What an epoch learns from, in batches of about the same size: of each clip, as it is or altered, some steps. */
export function batchesOf(
  examples: readonly SeedExample[],
  config: BaselineConfig,
  { streams, steps, singles }: Pick<Recipe, 'streams' | 'steps' | 'singles'>,
  random: Random,
): Piece[][] {
  const most = Math.min(steps, maxSteps(config));
  const pieces = examples.flatMap((plain) => {
    const renderings = [plain, ...(plain.variants ?? [])];
    const example = renderings[random.below(renderings.length)]!;
    if (remembers(config)) {
      const from = random.below(Math.max(0, example.steps - most) + 1);
      return [{ example, from, to: Math.min(example.steps, from + most) }];
    }
    return random
      .permutation(example.steps)
      .slice(0, singles)
      .map((from) => ({ example, from, to: from + 1 }));
  });
  const shuffled = random.permutation(pieces.length).map((i) => pieces[i]!);
  const count = Math.ceil(shuffled.length / streams);
  return Array.from({ length: count }, (_, i) =>
    shuffled.slice(
      Math.round((i * shuffled.length) / count),
      Math.round(((i + 1) * shuffled.length) / count),
    ),
  );
}
