import type { SeedConfig } from '../../kinds/baselines/systems.ts';
import type { Random } from '../../train/random.ts';
import type { Piece } from './batch.ts';
import type { SeedExample } from './examples.ts';
import type { Recipe } from './recipes.ts';

/** Whether what a network says of a step depends on those before it. */
export function remembers(config: SeedConfig): boolean {
  switch (config.architecture) {
    case 'clip-lstm':
      return config.carried;
    case 'cnn':
      return config.hidden > 0;
    case 'statistics-lstm':
    case 'transformer':
      return true;
  }
}

/** Most steps that can be unrolled at once. */
export function longest(config: SeedConfig): number {
  return config.architecture === 'transformer' ? config.past : Number.POSITIVE_INFINITY;
}

/** What an epoch learns from, in batches of about the same size: of each clip, as it is or altered, some steps. */
export function batchesOf(
  examples: readonly SeedExample[],
  config: SeedConfig,
  { streams, steps, singles }: Pick<Recipe, 'streams' | 'steps' | 'singles'>,
  random: Random,
): Piece[][] {
  const most = Math.min(steps, longest(config));
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
