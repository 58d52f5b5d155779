/*
 * How well can the labels be forecast from their own past, without audio? Predicts the next pair of labels from the
 * last ten, with five folds by artist, and compares with persistence, which repeats the last pair.
 *
 *   npm run bench label-forecast -- --data DIR
 *
 * MSE is the mean over both axes, as in the literature on this task.
 */
import { parseArgs } from 'node:util';
import { PairForecaster, windowsOf } from '../lab/compare/forecasting/forecasters/pair-ridge.ts';
import { HORIZONS, labeledSongs, type PairSeries } from '../lab/compare/forecasting/pair-windows.ts';
import { readDataset, type Song } from '../lab/datasets/dataset.ts';
import { artistFolds } from '../lab/train/protocol.ts';
import { STEP_SECONDS } from '../src/types.ts';

const { values } = parseArgs({ options: { data: { type: 'string', default: 'deam' } } });
const dataset = await readDataset(values.data);
const songs = labeledSongs(dataset);

const table: Record<string, string | number>[] = [];
for (const horizon of HORIZONS) {
  const ahead = horizon / STEP_SECONDS;
  let [error, persistence, n] = [0, 0, 0];
  for (const { isTraining, isEvaluated } of artistFolds(5)) {
    const forecaster = PairForecaster.fit(runs(isTraining), ahead);
    for (const run of runs(isEvaluated)) {
      let end = 9;
      for (const { now, later } of windowsOf(run, ahead)) {
        const predicted = forecaster.predict(run.subarray(0, 2 * ++end));
        for (const axis of [0, 1]) {
          error += (predicted[axis]! - later[axis]!) ** 2;
          persistence += (now[axis]! - later[axis]!) ** 2;
          n++;
        }
      }
    }
  }
  table.push({
    'seconds ahead': horizon,
    n,
    MSE: (error / n).toExponential(3),
    persistence: (persistence / n).toExponential(3),
    skill: (1 - error / persistence).toFixed(3),
  });
}
console.table(table);

function runs(of: (song: Song) => boolean): PairSeries[] {
  return songs.filter(({ song }) => of(song)).flatMap((song) => song.runs);
}
