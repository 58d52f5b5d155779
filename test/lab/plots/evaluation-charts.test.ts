import { expect, test } from 'vitest';
import type { EvaluatedStep } from '../../../lab/evaluate/evaluate.ts';
import { genreScores, genreTable } from '../../../lab/evaluate/genre-table.ts';
import { calibrationPicture, scatterPicture } from '../../../lab/plots/evaluation-charts.ts';
import { Random } from '../../../lab/train/random.ts';

const random = new Random(5);

/** Steps with errors that match their standard deviations, shifted by `offset`. */
function song(offset = 0): EvaluatedStep[] {
  return Array.from({ length: 20 }, () => {
    const sd = random.between(0.05, 0.2);
    const error = () => sd * random.normal() + offset;
    const label = { valence: random.between(-0.8, 0.8), arousal: random.between(-0.8, 0.8) };
    const predicted = { valence: label.valence + error(), arousal: label.arousal + error() };
    return { file: 'a.wav', t: 0.5, label, predicted, sd: { valence: sd, arousal: sd }, ahead: [] };
  });
}

test('merges genres with few songs and lists the largest first', () => {
  const songs = [
    ...Array.from({ length: 20 }, () => ({ genre: 'Rock', steps: song() })),
    ...Array.from({ length: 30 }, () => ({ genre: 'Jazz', steps: song(0.2) })),
    { genre: 'Polka', steps: song() },
    { genre: undefined, steps: song() },
  ];
  const scores = genreScores(songs);
  expect(scores.map(({ genre, songs: count }) => [genre, count])).toEqual([
    ['Jazz', 30],
    ['Rock', 20],
    ['others', 2],
  ]);
  expect(scores[0]!.axes.valence.offset).toBeCloseTo(0.2, 1);
  expect(Math.abs(scores[1]!.axes.arousal.offset)).toBeLessThan(0.03);
  expect(scores[0]!.axes.arousal.rmse).toBeGreaterThan(scores[1]!.axes.arousal.rmse);
  expect(genreTable(scores).split('\n')).toHaveLength(5);
});

test('draws one point for each song', () => {
  const steps = song();
  const svg = scatterPicture([steps, song(), song()]);
  expect(svg.match(/<circle/g)).toHaveLength(6); // three songs on two axes
  expect(svg).toContain('Valence');
  expect(svg).toContain('Arousal');
});

test('calibrated intervals lie on the diagonal', () => {
  const svg = calibrationPicture(Array.from({ length: 200 }, () => song()));
  const guide = /class="guide" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/.exec(svg)!;
  const [x0, y0, x1, y1] = guide.slice(1).map(Number) as [number, number, number, number];
  const lines = [...svg.matchAll(/class="line" stroke="[^"]*" d="([^"]*)"/g)]
    .map(([, d]) => d!)
    .filter((d) => d.includes('L')); // not the legend's
  expect(lines).toHaveLength(8); // all and three thirds, on two axes
  for (const d of lines) {
    for (const [, x, y] of d.matchAll(/[ML]([\d.]+) ([\d.]+)/g)) {
      const onDiagonal = y0 + ((Number(x) - x0) / (x1 - x0)) * (y1 - y0);
      expect(Math.abs(Number(y) - onDiagonal)).toBeLessThan(0.05 * Math.abs(y1 - y0));
    }
  }
});
