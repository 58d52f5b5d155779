import { expect, test } from 'vitest';
import { partialCorrelation, separationScores } from '../../../lab/evaluate/axis-separation.ts';
import { coverageOf } from '../../../lab/evaluate/coverage.ts';
import { type EvaluatedStep, evaluate } from '../../../lab/evaluate/evaluate.ts';
import { scoresOverTime, TIMES } from '../../../lab/evaluate/over-time.ts';
import { reportTable } from '../../../lab/evaluate/report-table.ts';
import { Z90 } from '../../../src/types.ts';

const step = (label: [number, number], predicted: [number, number]) => ({
  label: { valence: label[0], arousal: label[1] },
  predicted: { valence: predicted[0], arousal: predicted[1] },
});

const CLIPS = [
  [step([-0.3, -0.4], [-0.1, -0.3]), step([-0.3, -0.4], [-0.2, -0.2])],
  [step([0.1, 0.2], [0.2, 0.1])],
  [step([0.4, 0.5], [0.3, 0.4])],
  [step([-0.2, 0.3], [0.1, 0.35])],
  [step([0.3, -0.1], [0.05, 0])],
  [step([0, 0], [-0.1, 0.1]), step([0, 0], [0.1, 0.05]), step([0, 0], [0, 0])],
];

test('agrees with figures from regression residuals and weighted sums, computed in Python', () => {
  expect(separationScores(CLIPS)).toEqual({
    partialR: expect.closeTo(0.46320597, 7),
    predictedR: expect.closeTo(0.77499162, 7),
    labelR: expect.closeTo(0.63429607, 7),
    weightedR2: { valence: expect.closeTo(0.12743342, 7), arousal: expect.closeTo(0.84916702, 7) },
  });
});

test('the weights belong to clips: the steps of a clip do not change them', () => {
  const doubled = CLIPS.map((clip) => [...clip, ...clip]);
  const { weightedR2 } = separationScores(CLIPS);
  expect(separationScores(doubled).weightedR2).toEqual({
    valence: expect.closeTo(weightedR2.valence, 10),
    arousal: expect.closeTo(weightedR2.arousal, 10),
  });
});

test('a valence that only repeats arousal has no partial correlation', () => {
  // Its correlation with the labels is exactly what arousal explains.
  expect(partialCorrelation(0.62, 1 - 1e-9, 0.62)).toBeCloseTo(0, 3);
  expect(partialCorrelation(0.5, 0, 0)).toBe(0.5);
  expect(partialCorrelation(0.4, 0.4, 0.4)).toBeCloseTo(0.24 / 0.84, 12);
});

test('coverage overall and by thirds of sd', () => {
  // Errors of 1 are inside an interval from sd 1 / 1.645 on.
  const steps = [0.3, 0.9, 0.4, 0.5, 0.8, 0.7].map((sd) => ({
    ...step([0, 0], [1, 1]),
    sd: { valence: sd, arousal: 2 * sd },
  }));
  expect(1 / Z90).toBeCloseTo(0.608, 3);
  expect(coverageOf(steps, 'valence')).toEqual({ coverage: 0.5, coverageByThird: [0, 0.5, 1] });
  expect(coverageOf(steps, 'arousal')).toEqual({ coverage: 5 / 6, coverageByThird: [0.5, 1, 1] });
});

test('scores at fixed times of a clip count only the steps that end then', () => {
  const sd = { valence: 0.1, arousal: 0.1 };
  // Errors shrink with time: 0.4 after 1 s, 0.2 after 2 s.
  const steps = [0, 0.4].flatMap((level) =>
    [0.5, 1, 1.5, 2].map((t) => ({
      ...step([level, level], [level + 0.4 / t, level - 0.4 / t]),
      t,
      sd: t === 2 ? { valence: 0.2, arousal: 0.1 } : sd,
    })),
  );
  const [one, two, five] = scoresOverTime(steps);
  const r2 = (error: number) => expect.closeTo(1 - error ** 2 / 0.04, 10);
  expect(one).toEqual({
    seconds: 1,
    clips: 2,
    axes: { valence: { r2: r2(0.4), coverage: 0 }, arousal: { r2: r2(0.4), coverage: 0 } },
  });
  expect(two).toEqual({
    seconds: 2,
    clips: 2,
    axes: { valence: { r2: r2(0.2), coverage: 1 }, arousal: { r2: r2(0.2), coverage: 0 } },
  });
  expect(five).toMatchObject({ seconds: 5, clips: 0, axes: { valence: { r2: Number.NaN } } });
  expect(TIMES).toEqual([1, 2, 5, 10, 20, 40]);
});

test('the report of `undertone evaluate` has them for the clips of all songs', () => {
  const clips = CLIPS.map((clip, i): EvaluatedStep[] =>
    clip.map((one, k) => ({
      ...one,
      file: `${i}.wav`,
      t: 0.5 * (k + 1),
      sd: { valence: 0.1, arousal: 0.1 },
      ahead: [],
    })),
  );
  const songs = [[...clips[0]!, ...clips[1]!], ...clips.slice(2)]; // the first song has two clips
  const report = evaluate(songs, { valence: 0, arousal: 0 });
  expect(report.separation).toEqual(separationScores(CLIPS));
  expect(report.overTime[0]).toMatchObject({ seconds: 1, clips: 2 });
  const text = reportTable('Held-out songs', report);
  expect(text).toMatch(/partial r {2}r predicted {2}r of labels {2}R2 valence {2}R2 arousal/);
  expect(text).toMatch(/^\s+0\.463 +0\.775 +0\.634 +0\.127 +0\.849$/m);
  expect(text).toMatch(/^\s+1 s +2 +/m);
  expect(text).not.toMatch(/^\s+5 s/m); // no clip is that long
});
