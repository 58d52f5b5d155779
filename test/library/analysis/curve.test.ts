import { expect, test } from 'vitest';
import { curveOf, decodeCurve, encodeCurve, partsOf } from '../../../src/library/analysis/curve.ts';
import { embeddingDistance, pathEmbedding } from '../../../src/library/analysis/path-embedding.ts';
import { framesOf } from '../frames.ts';

test('a curve has one value a step, and none where there is no music', () => {
  const { valence, arousal } = curveOf(framesOf('m.sm'));
  expect([...valence].map((value) => Math.round(value * 100) / 100)).toEqual([0, NaN, NaN, 0.03]);
  expect([...arousal]).toEqual([0.5, NaN, NaN, 0.5]);
});

test('a stored curve keeps the four decimals of frames', () => {
  const curve = { valence: Float32Array.of(-1, 0.1234, NaN), arousal: Float32Array.of(1, -0.9999, NaN) };
  const bytes = encodeCurve(curve);
  expect(bytes.length).toBe(12);
  const decoded = decodeCurve(bytes);
  for (const axis of ['valence', 'arousal'] as const)
    for (const [i, value] of curve[axis].entries())
      if (!Number.isNaN(value)) expect(decoded[axis][i]).toBeCloseTo(value, 6);
  expect(decoded.valence[2]).toBeNaN();
});

test('parts are equally long in music', () => {
  const parts = partsOf(curveOf(framesOf('mm..mm')), 2);
  expect(parts.map(({ valence }) => Math.round(valence * 1000) / 1000)).toEqual([0.005, 0.045]);
  expect(partsOf(curveOf(framesOf('..s')), 4)).toEqual([]);
});

test('the distance of embeddings is the root mean square distance of slow paths', () => {
  const path = (valence: number, slope: number) => ({
    valence: Float32Array.from(
      { length: 64 },
      (_, i) => valence + slope * Math.cos((Math.PI * (i + 0.5)) / 64),
    ),
    arousal: new Float32Array(64).fill(0.1),
  });
  const [a, b, c] = [path(0.2, 0), path(0.5, 0), path(0.2, 0.2)].map((one) => pathEmbedding(one)!);
  expect(a![0]).toBeCloseTo(0.2, 5);
  expect(a![8]).toBeCloseTo(0.1, 5);
  expect(embeddingDistance(a!, b!)).toBeCloseTo(0.3, 5);
  expect(embeddingDistance(a!, c!)).toBeCloseTo(0.2 / Math.SQRT2, 2);
  expect(pathEmbedding({ valence: Float32Array.of(NaN), arousal: Float32Array.of(NaN) })).toBeUndefined();
});
