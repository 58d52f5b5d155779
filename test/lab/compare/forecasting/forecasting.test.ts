import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { comparisonFolds } from '../../../../lab/compare/folds.ts';
import { compareForecasts, FORECASTERS } from '../../../../lab/compare/forecasting/compare-forecasts.ts';
import { forecastScores } from '../../../../lab/compare/forecasting/forecast-errors.ts';
import { autoregression, linearPairs } from '../../../../lab/compare/forecasting/forecasters/linear.ts';
import { pairLstm } from '../../../../lab/compare/forecasting/forecasters/pair-lstm.ts';
import { AHEAD, pairWindows } from '../../../../lab/compare/forecasting/pair-windows.ts';
import { forecastReport } from '../../../../lab/compare/report/forecast-report.ts';
import type { RunEvent } from '../../../../lab/compare/run-log.ts';
import type { Dataset, Song } from '../../../../lab/datasets/dataset.ts';
import { Random } from '../../../../lab/train/random.ts';
import { type Engine, loadEngine } from '../../../../src/model/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine('wasm');
});

const signal = new AbortController().signal;

/** Songs of 30 s with sinusoidal labels of different phase and amplitude, which the past determines. */
function sinusoidal(songs: number) {
  const random = new Random(5);
  return Array.from({ length: songs }, (_, i) => {
    const [phase, height, middle] = [
      random.between(0, 6),
      random.between(0.1, 0.3),
      random.between(-0.4, 0.4),
    ];
    const run = Float64Array.from({ length: 2 * 61 }, (_, j) => {
      const t = Math.floor(j / 2);
      return middle + height * Math.sin(phase + 0.35 * t + (j % 2));
    });
    return { song: { id: String(i), artist: `Artist ${i}`, year: 2013 } satisfies Song, runs: [run] };
  });
}

/** A data set without audio. */
function labelsOnly(songs: ReturnType<typeof sinusoidal>): Dataset {
  const runs = new Map<Song, Float64Array>(songs.map(({ song, runs: [run] }) => [song, run!]));
  return {
    folders: [],
    about: [],
    clips: songs.map(({ song }) => ({ song, path: '', file: `${song.id}.wav`, startMs: 0 })),
    label: (song, ms) => {
      const [valence, arousal] = runs.get(song)!.subarray(ms / 250, ms / 250 + 2);
      return valence === undefined ? undefined : { valence, arousal: arousal! };
    },
    hasLabels: () => true,
    tags: () => undefined,
    tagCount: 0,
  };
}

test('windows are ten pairs, oldest first, with the pairs at each number of steps after the last', () => {
  const run = Float64Array.from({ length: 2 * 13 }, (_, i) => (i % 2 === 0 ? i / 2 : -i));
  const windows = pairWindows([{ song: { id: 'a', artist: 'b' }, runs: [run] }], AHEAD);
  expect(windows.count).toBe(3);
  expect([...windows.pairs.subarray(0, 2)]).toEqual([0, -1]);
  expect(windows.pairs[18]).toBe(9);
  expect([...windows.later.subarray(0, 8)]).toEqual([
    10,
    -21,
    11,
    -23,
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
});

test('least squares finds the recurrence of a sine, for pairs and for each axis separately', async () => {
  const songs = sinusoidal(40);
  const training = pairWindows(songs.slice(0, 30));
  const evaluated = pairWindows(songs.slice(30));
  for (const forecaster of [linearPairs, autoregression]) {
    const forecast = (await forecaster.train({ training, ahead: AHEAD, engine, seed: 1, signal }))!;
    const predicted = forecast(evaluated);
    for (const [i, later] of evaluated.later.entries()) {
      if (!Number.isNaN(later)) expect(Math.abs(predicted[i]! - later), forecaster.name).toBeLessThan(2e-3);
    }
  }
});

test('the network forecasts a sine better than persistence, and the same seed gives the same forecast', async () => {
  const songs = sinusoidal(28);
  const training = pairWindows(songs.slice(0, 20));
  const evaluated = pairWindows(songs.slice(20));
  const task = { training, ahead: AHEAD, engine, seed: 1, signal };
  const predicted = (await pairLstm.train(task))!(evaluated);
  const square = (of: (i: number) => number) =>
    evaluated.later.reduce((sum, x, i) => (Number.isNaN(x) ? sum : sum + (of(i) - x) ** 2), 0);
  const last = (i: number) => evaluated.pairs[20 * Math.floor(i / 8) + 18 + (i % 2)]!;
  expect(square((i) => predicted[i]!)).toBeLessThan(0.5 * square(last));
  const brief = { ...task, training: pairWindows(songs.slice(0, 4)), brief: true as const };
  const twice = [(await pairLstm.train(brief))!(evaluated), (await pairLstm.train(brief))!(evaluated)];
  expect(twice[1]).toEqual(twice[0]);
});

test('all forecasters are evaluated on the same windows, resume, and keep finished parts after a stop', async () => {
  const dataset = labelsOnly(sinusoidal(30));
  const folder = await mkdtemp(join(tmpdir(), 'undertone-forecast-'));
  const compare = (stop: AbortSignal = signal) => {
    const events: RunEvent[] = [];
    const outcome = compareForecasts({
      ...{ dataset, engine, folder, protocol: 'folds', seed: 1, brief: true, signal: stop },
      folds: comparisonFolds('folds', 2),
      log: { write: async (event) => void events.push(event) },
    });
    return outcome.then((found) => ({ found, events }));
  };
  const stop = new AbortController();
  stop.abort();
  expect((await compare(stop.signal)).found).toBeUndefined();
  const first = await compare();
  expect(first.events).toHaveLength(2 * FORECASTERS.length + 3);
  const second = await compare();
  expect(second.events).toEqual([]);
  expect(second.found).toEqual(first.found);
  const kept = JSON.parse(await readFile(join(folder, 'linear', 'folds-2-fold-1.json'), 'utf8'));
  expect(kept.key).toMatchObject({ system: 'linear', part: 'fold 1', seed: 1, brief: true });

  const report = forecastReport(first.found!);
  for (const row of report.byArtist) {
    expect(row.cells!.map(({ n }) => n)).toEqual([51, 50, 48, 42].map((windows) => 30 * windows));
  }
  const [persistence, linear] = report.byArtist;
  expect(persistence!.cells![0]!.skill.gain).toBe(0);
  expect(linear!.cells![3]!.skill.gain).toBeGreaterThan(0.99);
  expect(report.leaky).toMatchObject({ horizon: 1, songs: 30 });
  expect(report.leaky.rows.map(({ name }) => name)).toEqual(['persistence', 'linear', 'lstm']);
  const { n, mse } = forecastScores(first.found!.byArtist[0]!.errors!, 0);
  expect(n).toBe(30 * 51);
  expect(mse).toBeCloseTo(persistence!.cells![0]!.mse, 12);
});
