import { STEP_SECONDS } from '../../src/types.ts';
import { type CsvRow, numberIn, parseCsv } from '../datasets/csv.ts';
import type { Example } from '../train/example.ts';
import type { Predicted } from '../train/predict.ts';
import { axisScores, type Series } from './metrics.ts';
import type { Scores } from './score.ts';

const COLUMNS = [
  'song_id',
  'file',
  't',
  'valence',
  'arousal',
  'valence_said',
  'arousal_said',
  'valence_sd',
  'arousal_sd',
] as const;

/** What listeners said and what a network said, at one step of a clip; sd before calibration. */
export interface ScoredStep {
  readonly song: string;
  readonly file: string;
  /** Seconds since the clip's beginning. */
  readonly t: number;
  readonly label: { readonly valence: number; readonly arousal: number };
  readonly said: { readonly valence: number; readonly arousal: number };
  readonly sd: { readonly valence: number; readonly arousal: number };
}

/** All labelled steps of the examples. @param predicted in their order */
export function scoredSteps(examples: readonly Example[], predicted: readonly Predicted[]): ScoredStep[] {
  return examples.flatMap(({ clip, labels, steps }, i) => {
    const { emotion, sd } = predicted[i]!;
    const axes = (values: Float32Array, step: number) => ({
      valence: values[2 * step]!,
      arousal: values[2 * step + 1]!,
    });
    return [...Array(steps).keys()]
      .filter((step) => !Number.isNaN(labels[2 * step]!))
      .map((step) => ({
        song: clip.song.id,
        file: clip.file,
        t: STEP_SECONDS * (step + 1),
        label: axes(labels, step),
        said: axes(emotion, step),
        sd: axes(sd, step),
      }));
  });
}

export function scoresOfSteps(steps: readonly ScoredStep[]): Scores {
  const clips = new Map<string, ScoredStep[]>();
  for (const step of steps) {
    const clip = clips.get(step.file);
    if (clip) clip.push(step);
    else clips.set(step.file, [step]);
  }
  const series = (axis: 'valence' | 'arousal'): Series[] =>
    [...clips.values()].map((all) => ({
      predicted: Float64Array.from(all, ({ said }) => said[axis]),
      actual: Float64Array.from(all, ({ label }) => label[axis]),
    }));
  return { valence: axisScores(series('valence')), arousal: axisScores(series('arousal')) };
}

/** Nine digits give back any 32-bit number exactly. */
export function stepsToCsv(steps: readonly ScoredStep[]): string {
  const lines = steps.map(({ song, file, t, label, said, sd }) =>
    [
      quoted(song),
      quoted(file),
      t,
      ...[label, said, sd].flatMap(({ valence, arousal }) =>
        [valence, arousal].map((x) => Number(x.toPrecision(9))),
      ),
    ].join(','),
  );
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

/** @throws UserError `bad-data` */
export function stepsFromCsv(text: string, name: string): ScoredStep[] {
  return parseCsv(text, name, COLUMNS).map((row: CsvRow<(typeof COLUMNS)[number]>) => {
    const axes = (ending: '' | '_said' | '_sd') => ({
      valence: Math.fround(numberIn(row, `valence${ending}`, name)),
      arousal: Math.fround(numberIn(row, `arousal${ending}`, name)),
    });
    const { song_id: song, file } = row;
    return { song, file, t: numberIn(row, 't', name), label: axes(''), said: axes('_said'), sd: axes('_sd') };
  });
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
