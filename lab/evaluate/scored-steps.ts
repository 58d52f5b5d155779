import { STEP_SECONDS } from '../../src/types.ts';
import { type CsvRow, numberIn, parseCsv } from '../../src/util/read-csv.ts';
import type { Example } from '../train/example.ts';
import type { Predicted } from '../train/predict.ts';

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
/** Absent in tables of systems that do not know it. */
const NOVELTY = 'novelty';

/** Label and prediction at one step of a clip; `sd` is the standard deviation before calibration. */
export interface ScoredStep {
  readonly song: string;
  readonly file: string;
  /** Seconds since the start of the clip. */
  readonly t: number;
  readonly label: { readonly valence: number; readonly arousal: number };
  readonly predicted: { readonly valence: number; readonly arousal: number };
  readonly sd: { readonly valence: number; readonly arousal: number };
  /** How unlike the training data the sound is (`HeadOutputs` of network.ts); absent: not known. */
  readonly novelty?: number;
}

/** All labeled steps of the examples. @param predicted in the order of the examples */
export function scoredSteps(examples: readonly Example[], predicted: readonly Predicted[]): ScoredStep[] {
  return examples.flatMap(({ clip, labels, steps }, i) => {
    const { emotion, sd, novelty } = predicted[i]!;
    return [...Array(steps).keys()]
      .filter((step) => !Number.isNaN(labels[2 * step]!))
      .map((step) => ({
        song: clip.song.id,
        file: clip.file,
        t: STEP_SECONDS * (step + 1),
        label: axesAt(labels, step),
        predicted: axesAt(emotion, step),
        sd: axesAt(sd, step),
        novelty: novelty[step]!,
      }));
  });
}

/** Both axes at one step. @param values [steps, 2] */
export const axesAt = (values: Float32Array, step: number) => ({
  valence: values[2 * step]!,
  arousal: values[2 * step + 1]!,
});

/** The steps of each clip. */
export function byClip(steps: readonly ScoredStep[]): ScoredStep[][] {
  const clips = new Map<string, ScoredStep[]>();
  for (const step of steps) {
    const key = `${step.song}/${step.file}`;
    const clip = clips.get(key);
    if (clip) clip.push(step);
    else clips.set(key, [step]);
  }
  return [...clips.values()];
}

/** A CSV table with one row per step. Nine digits restore any 32-bit number exactly. */
export function stepsToCsv(steps: readonly ScoredStep[]): string {
  const known = steps.some(({ novelty }) => novelty !== undefined);
  const lines = steps.map(({ song, file, t, label, predicted, sd, novelty }) => {
    const numbers = [label, predicted, sd].flatMap(({ valence, arousal }) => [valence, arousal]);
    if (known) numbers.push(novelty!);
    return [quoted(song), quoted(file), t, ...numbers.map((x) => Number(x.toPrecision(9)))].join(',');
  });
  const header = known ? [...COLUMNS, NOVELTY] : COLUMNS;
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

/** @param name of the file, for error messages @throws UserError `bad-data` */
export function stepsFromCsv(text: string, name: string): ScoredStep[] {
  const rows = parseCsv(text, name, COLUMNS) as readonly CsvRow<(typeof COLUMNS)[number] | typeof NOVELTY>[];
  const known = rows[0] !== undefined && NOVELTY in rows[0];
  return rows.map((row) => {
    const axes = (ending: '' | '_said' | '_sd') => ({
      valence: Math.fround(numberIn(row, `valence${ending}`, name)),
      arousal: Math.fround(numberIn(row, `arousal${ending}`, name)),
    });
    const { song_id: song, file } = row;
    return {
      song,
      file,
      t: numberIn(row, 't', name),
      label: axes(''),
      predicted: axes('_said'),
      sd: axes('_sd'),
      ...(known && { novelty: Math.fround(numberIn(row, NOVELTY, name)) }),
    };
  });
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
