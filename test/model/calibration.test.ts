import { expect, test } from 'vitest';
import { calibrationSchema } from '../../src/model/calibration.ts';

test('a calibration of an older model, which names the percentile of the novelty differently, is read', () => {
  const ones = { valence: 1, arousal: 1 };
  const rest = { sdScale: ones, labelSd: ones, labelMean: ones };
  const calibration = calibrationSchema.parse({ ...rest, familiar: 0.3 });
  expect(calibration).toEqual(calibrationSchema.parse({ ...rest, noveltyP99: 0.3 }));
  expect(calibration.noveltyP99).toBe(0.3);
  expect(calibrationSchema.safeParse(rest).error?.issues[0]?.path).toEqual(['noveltyP99']);
});
