import { expect, it } from 'vitest';
import { resample } from '../../../lab/activity/resample.ts';
import { sine } from '../../support/audio.ts';
import { expectClose } from '../../support/expect-close.ts';

/** Away from the ends, where the sound has no neighbours. */
const inner = (samples: Float32Array) => samples.subarray(400, samples.length - 400);
const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

it.each([8_000, 11_025, 22_050, 44_100, 48_000])('keeps a tone from %i Hz to 16 kHz', (rate) => {
  const got = resample(sine(1234, 0.5, rate), rate, 16_000);
  expectClose(inner(got), inner(sine(1234, 0.5, 16_000)), 2e-3);
});

it('lets nothing above half the rate through as something else', () => {
  expect(rms(inner(resample(sine(10_500, 0.5, 44_100), 44_100, 16_000)))).toBeLessThan(1e-3);
});

it('makes no highs that were not there', () => {
  const got = inner(resample(sine(3000, 0.5, 8_000), 8_000, 16_000));
  expectClose(got, inner(sine(3000, 0.5, 16_000)), 2e-3);
});
