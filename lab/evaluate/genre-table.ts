import { AXES, type Axis } from '../../src/types.ts';
import { markdownTable } from '../../src/util/text-table.ts';
import type { EvaluatedStep } from './evaluate.ts';
import { axisScores } from './metrics.ts';

/** Genres with fewer songs are merged into `others`. */
const FEWEST = 15;
const OTHER = 'others';

interface GenreScores {
  readonly genre: string;
  readonly songs: number;
  /** Over the steps of all its songs. `offset` is the mean of prediction minus label. */
  readonly axes: Readonly<
    Record<Axis, { readonly rmse: number; readonly ccc: number; readonly offset: number }>
  >;
}

/** Scores of each genre, the genre with the most songs first, `others` last. */
export function genreScores(
  songs: readonly { readonly genre: string | undefined; readonly steps: readonly EvaluatedStep[] }[],
): GenreScores[] {
  const counts = new Map<string, number>();
  for (const { genre = OTHER } of songs) counts.set(genre, (counts.get(genre) ?? 0) + 1);
  const groups = new Map<string, (readonly EvaluatedStep[])[]>();
  for (const { genre = OTHER, steps } of songs) {
    const name = counts.get(genre)! >= FEWEST ? genre : OTHER;
    groups.set(name, [...(groups.get(name) ?? []), steps]);
  }
  const rank = ({ genre, songs: count }: GenreScores) => (genre === OTHER ? -1 : count);
  return [...groups]
    .map(([genre, all]) => ({
      genre,
      songs: all.length,
      axes: { valence: scoresOf(all, 'valence'), arousal: scoresOf(all, 'arousal') },
    }))
    .sort((a, b) => rank(b) - rank(a));
}

function scoresOf(songs: readonly (readonly EvaluatedStep[])[], axis: Axis) {
  const steps = songs.flat();
  const { rmse, ccc } = axisScores([
    {
      predicted: Float64Array.from(steps, ({ predicted }) => predicted[axis]),
      actual: Float64Array.from(steps, ({ label }) => label[axis]),
    },
  ]);
  const offset =
    steps.reduce((sum, { predicted, label }) => sum + predicted[axis] - label[axis], 0) / steps.length;
  return { rmse, ccc, offset };
}

/** A Markdown table for a model's card. */
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
