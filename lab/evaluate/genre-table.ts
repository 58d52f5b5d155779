import { AXES, type Axis } from '../../src/types.ts';
import { markdownTable } from '../../src/util/text-table.ts';
import type { ScoredStep } from './evaluate.ts';
import { axisScores } from './metrics.ts';

/** Genres of fewer songs say too little by themselves: they are taken together. */
const FEWEST = 15;
const OTHER = 'others';

export interface GenreScores {
  readonly genre: string;
  readonly songs: number;
  /** Of the steps of all its songs. */
  readonly axes: Readonly<
    Record<Axis, { readonly rmse: number; readonly ccc: number; readonly offset: number }>
  >;
}

/**
 * How well songs of each genre are tracked, most songs first. `offset`: mean of what was said minus what
 * listeners said.
 */
export function genreScores(
  songs: readonly { readonly genre: string | undefined; readonly steps: readonly ScoredStep[] }[],
): GenreScores[] {
  const counts = new Map<string, number>();
  for (const { genre = OTHER } of songs) counts.set(genre, (counts.get(genre) ?? 0) + 1);
  const groups = new Map<string, (readonly ScoredStep[])[]>();
  for (const { genre = OTHER, steps } of songs) {
    const name = counts.get(genre)! >= FEWEST ? genre : OTHER;
    groups.set(name, [...(groups.get(name) ?? []), steps]);
  }
  const place = ({ genre, songs: count }: GenreScores) => (genre === OTHER ? -1 : count);
  return [...groups]
    .map(([genre, all]) => ({
      genre,
      songs: all.length,
      axes: { valence: scoresOf(all, 'valence'), arousal: scoresOf(all, 'arousal') },
    }))
    .sort((a, b) => place(b) - place(a));
}

function scoresOf(songs: readonly (readonly ScoredStep[])[], axis: Axis) {
  const steps = songs.flat();
  const { rmse, ccc } = axisScores([
    {
      predicted: Float64Array.from(steps, ({ said }) => said[axis]),
      actual: Float64Array.from(steps, ({ label }) => label[axis]),
    },
  ]);
  const offset = steps.reduce((sum, { said, label }) => sum + said[axis] - label[axis], 0) / steps.length;
  return { rmse, ccc, offset };
}

/** As a table in Markdown, for a model's card. */
export function genreTable(scores: readonly GenreScores[]): string {
  const cells = AXES.flatMap((axis) => [`${axis} RMSE`, 'CCC', 'offset']);
  const rows = scores.map(({ genre, songs, axes }) => {
    const values = AXES.flatMap((axis) => {
      const { rmse, ccc, offset } = axes[axis];
      return [rmse.toFixed(3), ccc.toFixed(2), `${offset > 0 ? '+' : ''}${offset.toFixed(2)}`];
    });
    return [genre, String(songs), ...values];
  });
  return markdownTable(['genre', 'songs', ...cells], rows);
}
