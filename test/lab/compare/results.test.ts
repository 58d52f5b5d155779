import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluatedSongs } from '../../../lab/compare/folds.ts';
import { FORECASTERS, type ForecastOutcome } from '../../../lab/compare/forecasting/compare-forecasts.ts';
import type { LabeledClip } from '../../../lab/compare/labeled-clips.ts';
import type { SystemOutcome } from '../../../lab/compare/outcomes.ts';
import type { StoredPrediction } from '../../../lab/compare/prediction-store.ts';
import { comparisonReport } from '../../../lab/compare/report/comparison-report.ts';
import { forecastReport } from '../../../lab/compare/report/forecast-report.ts';
import { fixed, scientific, signed } from '../../../lab/compare/report/markdown.ts';
import { pictures } from '../../../lab/compare/report/pictures.ts';
import { resultsPage } from '../../../lab/compare/report/results-page.ts';
import { writeResults } from '../../../lab/compare/report/write-results.ts';
import type { System } from '../../../lab/compare/system.ts';
import type { Fold } from '../../../lab/train/protocol.ts';
import { Random } from '../../../lab/train/random.ts';
import { markdownTable } from '../../../src/util/text-table.ts';

/** Labels of 40 songs of 8 steps, and systems with given errors on each axis. The numbers never change. */
function fixedStore() {
  const random = new Random(9);
  const clips: LabeledClip[] = Array.from({ length: 40 }, (_, i) => {
    const [valence, arousal] = [random.between(-0.6, 0.6), random.between(-0.7, 0.7)];
    const steps = Array.from({ length: 8 }, (__, k) => ({
      t: 0.5 * (k + 1),
      valence: valence + 0.01 * k,
      arousal: arousal - 0.01 * k,
    }));
    const song = { id: String(i), artist: `Artist ${i}` };
    return { clip: { song, path: '', file: `${i}.wav`, startMs: 0 }, steps };
  });
  const part = (song: { readonly id: string }) => Number(song.id) % 2;
  const folds: Fold[] = [0, 1].map((f) => ({
    name: `fold ${f + 1}`,
    isTraining: (song) => part(song) !== f,
    isEvaluated: (song) => part(song) === f,
  }));
  const outcome = (
    name: string,
    title: string,
    errors: readonly [number, number] | undefined,
    fields = {},
  ) => {
    const system: System = {
      name,
      title,
      about: 'Made up.',
      version: '1',
      predict: () => expect.unreachable(),
      ...fields,
    };
    const predictions = folds.map(({ name: fold, isEvaluated }): StoredPrediction => {
      const evaluated = clips.filter(({ clip }) => isEvaluated(clip.song));
      const steps = evaluated.flatMap(({ clip, steps: labeled }) => {
        const [v, a] = errors ? [errors[0] * random.normal(), errors[1] * random.normal()] : [0, 0];
        return labeled.map(({ t, valence, arousal }) => ({
          ...{ song: clip.song.id, file: clip.file, t, label: { valence, arousal } },
          predicted: errors
            ? { valence: valence + v, arousal: arousal + a }
            : { valence: 0.02, arousal: 0.05 },
          sd: { valence: errors?.[0] ?? 0.35, arousal: errors?.[1] ?? 0.4 },
        }));
      });
      return {
        ...{ fold, date: '2026-03-01T12:00:00.000Z', engine: 'a made-up engine', seconds: 60, steps },
        ...(errors && {
          curve: [1, 2, 3].map((epoch) => ({ epoch, loss: 1 / epoch, validation: 0.3 / epoch })),
        }),
        cost: { parameters: 12_345, bytes: 49_380, msPerStep: errors ? 1.25 : Number.NaN },
      };
    });
    return { system, predictions };
  };
  const outcomes: SystemOutcome[] = [
    outcome('constant', 'constant', undefined),
    outcome('persistence', 'persistence (oracle)', [0.02, 0.02], { oracle: true }),
    outcome('seed-a', 'A', [0.3, 0.2]),
    outcome('seed-a-carried', 'A, carried on', [0.25, 0.18]),
    outcome('seed-b', 'B', [0.25, 0.2]),
    outcome('seed-b-transformer', 'B′', [0.26, 0.22]),
    outcome('seed-c', 'C', [0.1, 0.3]),
    { ...outcome('forest', 'random forest', [0.2, 0.2]), failure: 'fold 2: a tree fell' },
    outcome('undertone', 'undertone', [0.2, 0.16]),
  ];
  return { clips, folds, outcomes };
}

/** Squared errors of 40 songs that grow with the horizon; each forecaster is a little better than the one before. */
function fixedForecasts(): ForecastOutcome {
  const random = new Random(4);
  const songs = Array.from({ length: 40 }, () => random.between(0.5, 1.5));
  const outcomes = (forecasters: typeof FORECASTERS, horizons: number) =>
    forecasters.map((forecaster, f) => ({
      forecaster,
      errors: songs.map((song) =>
        Array.from({ length: horizons }, (_, h) => {
          const sum = 20 * 1e-4 * (h + 1) ** 2 * song * (1 - 0.05 * f);
          return [sum, 1.1 * sum, 20] as const;
        }),
      ),
    }));
  const leaky = FORECASTERS.filter(({ name }) => ['persistence', 'linear', 'lstm'].includes(name));
  return {
    byArtist: outcomes(FORECASTERS, 4),
    leaky: { songs: 40, year: 2013, outcomes: outcomes(leaky, 1) },
  };
}

function fixedReport() {
  const { clips, folds, outcomes } = fixedStore();
  const report = comparisonReport({
    ...{
      command: 'undertone compare --data made-up',
      engine: 'a made-up engine',
      seed: 1,
      protocol: 'folds',
    },
    ...{ about: ['made-up: 40 clips.'], clips, folds, outcomes, date: '2026-03-02T00:00:00.000Z' },
    forecasting: forecastReport(fixedForecasts()),
  });
  return { report, drawn: pictures(report, outcomes, evaluatedSongs(folds, clips)) };
}

test('the page of a fixed store equals the reviewed page', async () => {
  const { report, drawn } = fixedReport();
  const page = resultsPage({ ...report, version: '1.2.3' }, drawn, 'img/results');
  await expect(page).toMatchFileSnapshot('fixtures/results.md');
});

test('the page names scores that are behind, and systems that failed with the reason', () => {
  const { report, drawn } = fixedReport();
  const page = resultsPage(report, drawn, 'img/results');
  expect(page).toMatch(/^- against C: not ahead in .*RMSE of valence, R² of valence and CCC of valence\.$/m);
  expect(page).toMatch(/^- against A: ahead in RMSE, R² and CCC of both axes/m);
  expect(page).not.toMatch(/against persistence \(oracle\)/);
  expect(page).toMatch(/^\| random forest \| failed in fold 2: a tree fell \|/m);
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
});

test('a run of few systems, or of forecasts only, makes a page', () => {
  const { clips, folds, outcomes } = fixedStore();
  const common = {
    command: 'c',
    engine: 'e',
    seed: 1,
    protocol: '70-15-15',
    about: [],
    clips,
    folds,
    date: '2026',
  };
  const few = comparisonReport({ ...common, outcomes: outcomes.slice(0, 1) });
  const page = resultsPage(few, pictures(few, outcomes.slice(0, 1), evaluatedSongs(folds, clips)), 'img');
  expect(page).not.toContain('## Undertone against the other systems');
  expect(page).not.toMatch(/NaN|undefined/);
  const alone = comparisonReport({ ...common, outcomes: [], forecasting: forecastReport(fixedForecasts()) });
  const forecasts = resultsPage(alone, [], 'img');
  expect(forecasts).toContain('## Forecasting from labels');
  expect(forecasts).not.toMatch(/## Tracking|NaN|undefined/);
});

test('writes page, pictures and log beside each other, with every picture that the page shows', async () => {
  const { report, drawn } = fixedReport();
  const folder = await mkdtemp(join(tmpdir(), 'undertone-results-'));
  const log = join(folder, 'compare.jsonl');
  const { writeFile } = await import('node:fs/promises');
  await writeFile(log, '{}\n');
  const file = join(folder, 'docs', 'results.md');
  await writeResults(file, report, drawn, log);
  const page = await readFile(file, 'utf8');
  const shown = [...page.matchAll(/\]\((img\/results\/[^)]+)\)/g)].map(([, path]) => path!);
  expect(shown.length).toBeGreaterThan(10);
  for (const path of shown)
    expect(await readFile(join(dirname(file), path), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
  expect((await readdir(join(folder, 'docs', 'img', 'results'))).sort()).toEqual(
    drawn.map(({ file: name }) => name).sort(),
  );
  expect(await readFile(join(folder, 'docs', 'results.jsonl'), 'utf8')).toBe('{}\n');
});

test('the text of an error cannot break a table', () => {
  const broken = markdownTable(['system', 'RMSE'], [['tree', 'it printed a | b\n  and stopped']]);
  expect(broken.split('\n')[2]).toBe('| tree | it printed a \\| b and stopped |');
});

test('formats numbers for readers', () => {
  expect([fixed(-0.0001), fixed(-0.5), signed(0.02), signed(-0.02), fixed(Number.NaN)]).toEqual([
    '0.000',
    '−0.500',
    '+0.020',
    '−0.020',
    '–',
  ]);
  expect([scientific(0.000214), scientific(0.0321), scientific(1.23e10)]).toEqual([
    '2.14 · 10⁻⁴',
    '0.0321',
    '1.23 · 10¹⁰',
  ]);
});
