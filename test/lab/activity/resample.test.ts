import { expect, it } from 'vitest';
import { resample } from '../../../lab/activity/resample.ts';
import { sine } from '../../support/audio.ts';
import { expectClose } from '../../support/expect-close.ts';

/** Without the ends, where the filter has too few samples. */
const inner = (samples: Float32Array) => samples.subarray(400, samples.length - 400);
const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

it.each([8_000, 11_025, 22_050, 44_100, 48_000])('preserves a tone from %i Hz to 16 kHz', (rate) => {
  const got = resample(sine(1234, 0.5, rate), rate, 16_000);
  expectClose(inner(got), inner(sine(1234, 0.5, 16_000)), 2e-3);
});

it('suppresses aliases of frequencies above half the new rate', () => {
  expect(rms(inner(resample(sine(10_500, 0.5, 44_100), 44_100, 16_000)))).toBeLessThan(1e-3);
});

it('creates no images above half the old rate', () => {
  const got = inner(resample(sine(3000, 0.5, 8_000), 8_000, 16_000));
  expectClose(got, inner(sine(3000, 0.5, 16_000)), 2e-3);
});
