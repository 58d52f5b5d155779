import { expect, test } from 'vitest';
import { classProbabilities } from '../../../lab/evaluate/class-probabilities.ts';
import { classOf, WORDS, wordOf } from '../../../lab/evaluate/classes.ts';
import {
  classScores,
  confusionOf,
  macroAuc,
  majorityShare,
  rocOf,
  rocsOf,
} from '../../../lab/evaluate/classification.ts';

/* Expected values from scikit-learn 1.9: confusion_matrix, macro averages, roc_auc_score ovr, roc_curve. */
const truth = [0, 0, 1, 1, 2, 2, 3, 3, 3, 1, 0, 2];
const predicted = [0, 1, 1, 1, 2, 0, 3, 3, 2, 1, 0, 1];
const probabilities = Float32Array.of(
  ...[0.7, 0.1, 0.1, 0.1, 0.3, 0.4, 0.2, 0.1, 0.1, 0.6, 0.2, 0.1, 0.2, 0.5, 0.2, 0.1],
  ...[0.1, 0.1, 0.7, 0.1, 0.4, 0.2, 0.3, 0.1, 0.1, 0.1, 0.1, 0.7, 0.2, 0.1, 0.1, 0.6],
  ...[0.1, 0.2, 0.4, 0.3, 0.1, 0.7, 0.1, 0.1, 0.6, 0.2, 0.1, 0.1, 0.1, 0.5, 0.3, 0.1],
);

test('confusion matrix, precision, recall and F1 agree with scikit-learn', () => {
  const confusion = confusionOf(predicted, truth);
  expect(confusion).toEqual([
    [2, 1, 0, 0],
    [0, 3, 0, 0],
    [1, 1, 1, 0],
    [0, 0, 1, 2],
  ]);
  const scores = classScores(confusion);
  expect(scores.accuracy).toBeCloseTo(0.6666666666666666, 12);
  expect(scores.precision).toBeCloseTo(0.6916666666666667, 12);
  expect(scores.recall).toBeCloseTo(0.6666666666666666, 12);
  expect(scores.f1).toBeCloseTo(0.6541666666666666, 12);
  expect(majorityShare(confusion)).toBe(0.25);
});

test('ignores a class that is neither true nor predicted; a class that is only predicted counts as 0', () => {
  expect(classScores(confusionOf([0, 0, 1], [0, 0, 1])).f1).toBe(1);
  expect(classScores(confusionOf([0, 2, 1], [0, 0, 1])).precision).toBeCloseTo(2 / 3, 12);
});

test('ROC points and areas agree with scikit-learn', () => {
  const rocs = rocsOf(probabilities, truth);
  expect(macroAuc(rocs)).toBeCloseTo(0.9675925925925926, 12);
  const expected = [0.962962962962963, 0.9814814814814814, 0.9259259259259259, 1];
  for (const [i, auc] of expected.entries()) expect(rocs[i]!.auc).toBeCloseTo(auc, 12);
  const xs = [0, 0, 0, 1 / 9, 2 / 9, 5 / 9, 1];
  const ys = [0, 1 / 3, 2 / 3, 1, 1, 1, 1];
  expect(rocs[1]!.points.map(([x]) => x)).toEqual(xs);
  expect(rocs[1]!.points.map(([, y]) => y)).toEqual(ys);
});

test('equal scores give an area of 0.5; without positives the area is NaN', () => {
  expect(rocOf([1, 1, 1, 1], (i) => i < 2).auc).toBe(0.5);
  expect(rocOf([1, 2, 3], () => false).auc).toBeNaN();
});

test('the word of a point is the nearest in angle, around the whole circle', () => {
  for (const [i, { degrees }] of WORDS.entries()) {
    const angle = (degrees * Math.PI) / 180;
    expect(wordOf(0.4 * Math.cos(angle), 0.4 * Math.sin(angle))).toBe(i);
  }
  expect(WORDS[wordOf(0.5, -0.1)]!.word).toBe('happy'); // −11.3°, which is 19.1° from happy and 30.7° from relaxed
  expect(WORDS[wordOf(0.5, -0.2)]!.word).toBe('relaxed'); // −21.8°
  expect(WORDS[wordOf(-0.5, 0.3)]!.word).toBe('tense'); // 149.0°, the border is at 150.15°
});

test('word probabilities agree with four million random draws', () => {
  const cases = [
    [0.2, 0.1, 0.25, 0.2, 0.481371, 0.277902, 0.0924135, 0.1483135],
    [-0.3, 0.05, 0.1, 0.4, 5.9e-5, 0.38139375, 0.61565075, 0.0028965],
    [0.02, -0.4, 0.15, 0.1, 0.00017375, 3e-6, 0.31873025, 0.681093],
  ] as const;
  for (const [valence, arousal, valenceSd, arousalSd, ...expected] of cases) {
    const step = { predicted: { valence, arousal }, sd: { valence: valenceSd, arousal: arousalSd } };
    const shares = classProbabilities([step], 'words');
    for (const [i, share] of expected.entries()) expect(shares[i]!).toBeCloseTo(share, 2);
    expect(shares.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
  }
});

test('quadrant probabilities are products of both axes, and the most probable one contains the point', () => {
  const step = { predicted: { valence: 0.1, arousal: -0.2 }, sd: { valence: 0.1, arousal: 0.2 } };
  const shares = classProbabilities([step], 'quadrants');
  const below = 0.15865525; // of a standard normal distribution below −1
  const expected = [below * (1 - below), (1 - below) ** 2, below ** 2, (1 - below) * below];
  for (const [i, share] of expected.entries()) expect(shares[i]!).toBeCloseTo(share, 5);
  expect(shares.indexOf(Math.max(...shares))).toBe(classOf('quadrants', 0.1, -0.2));
});
