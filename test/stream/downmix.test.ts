import { describe, expect, it } from 'vitest';
import { FeatureExtractor } from '../../src/stream/feature-extractor.ts';
import { type FftPlans, loadFft } from '../../src/stream/fft.ts';
import { StreamAnalyzer } from '../../src/stream/stream-analyzer.ts';
import type { AudioChunk, StepWindow, StreamEvent } from '../../src/types.ts';
import { cut, sine } from '../support/audio.ts';

const RATES_HZ = [16_000, 44_100, 48_000, 11_025];
const SECONDS = 3;

/** A tone whose level rises and falls, so that no two steps are alike. */
const tone = (rateHz: number, seconds = SECONDS) =>
  sine(440, seconds, rateHz).map((sample, i) => sample * (0.6 + 0.4 * Math.sin((9 * i) / rateHz)));

function interleave(planes: readonly Float32Array[]): Float32Array {
  return Float32Array.from({ length: planes[0]!.length * planes.length }, (_, i) => {
    return planes[i % planes.length]![Math.floor(i / planes.length)]!;
  });
}

function windows(
  plans: FftPlans,
  samples: Float32Array,
  sampleRateHz: number,
  channels: number,
  longest = 1e9,
): Float32Array[] {
  const extractor = new FeatureExtractor(plans, { sampleRateHz, channels });
  const found: Float32Array[] = [];
  for (const piece of cut(samples, channels, longest))
    for (const { mel } of extractor.push(piece, 0)) found.push(mel.slice());
  return found;
}

describe('channels that cancel', () => {
  it.each(RATES_HZ)('are analyzed like the louder one alone: %i Hz', async (rateHz) => {
    const plans = await loadFft();
    const mono = tone(rateHz);
    const alone = windows(plans, mono, rateHz, 1);
    expect(alone.length).toBe(2 * SECONDS);
    for (const other of [-1, -0.98]) {
      const stereo = interleave([mono, mono.map((sample) => other * sample)]);
      expect(windows(plans, stereo, rateHz, 2)).toEqual(alone);
      expect(windows(plans, stereo, rateHz, 2, 700)).toEqual(alone);
    }
    const silent = new Float32Array(mono.length);
    const many = interleave([silent, mono, silent, mono.map((sample) => -sample)]);
    expect(windows(plans, many, rateHz, 4)).toEqual(alone);
  });

  it('do not change ordinary stereo', async () => {
    const plans = await loadFft();
    const [left, right] = [tone(44_100), sine(330, SECONDS, 44_100)];
    const mix = left.map((sample, i) => 0.5 * (sample + right[i]!));
    expect(windows(plans, interleave([left, right]), 44_100, 2)).toEqual(windows(plans, mix, 44_100, 1));
  });

  it('continue from a saved state within a block', async () => {
    const plans = await loadFft();
    const mono = tone(44_100);
    const stereo = interleave([mono, mono.map((sample) => -sample)]);
    const format = { sampleRateHz: 44_100, channels: 2 };
    const first = new FeatureExtractor(plans, format);
    const at = 2 * 44_100 + 2 * 1234;
    const found: Float32Array[] = [];
    for (const { mel } of first.push(stereo.subarray(0, at), 0)) found.push(mel.slice());
    const second = new FeatureExtractor(plans, format, structuredClone(first.state));
    for (const { mel } of second.push(stereo.subarray(at), 0)) found.push(mel.slice());
    expect(found).toEqual(windows(plans, stereo, 44_100, 2));
  });

  it('are reported once they have lasted 2 s, and once they no longer do', async () => {
    const analyzer = new StreamAnalyzer('booth', await loadFft());
    const mono = tone(16_000, 4);
    const chunk = (other: number): AudioChunk => ({
      type: 'audio',
      sampleRateHz: 16_000,
      channels: 2,
      samples: interleave([mono, mono.map((sample) => other * sample)]),
      arrivedAtMs: 0,
    });
    const events: unknown[] = [chunk(1), chunk(-1), chunk(1), chunk(1)]
      .flatMap((item) => [...analyzer.analyze(item)])
      .filter((output): output is StreamEvent => !('mel' in (output as StepWindow)));
    expect(events).toMatchObject([
      { type: 'phase-cancellation', t: 6.5, message: expect.stringContaining('channel 1 alone is analyzed') },
      { type: 'phase-restored', t: 13 },
    ]);
  });
});

describe('an offset (DC)', () => {
  it.each(RATES_HZ)('does not reach the mel frames: %i Hz', async (rateHz) => {
    const plans = await loadFft();
    const mono = tone(rateHz);
    const plain = windows(plans, mono, rateHz, 1);
    const shifted = windows(
      plans,
      mono.map((sample) => sample + 0.1),
      rateHz,
      1,
    );
    let worst = 0;
    for (const [step, mel] of plain.entries())
      for (const [i, value] of mel.entries()) worst = Math.max(worst, Math.abs(value - shifted[step]![i]!));
    expect(worst).toBeLessThan(2e-3);
    // Without music it is silence.
    const offset = windows(plans, new Float32Array(mono.length).fill(0.1), rateHz, 1);
    expect(Math.max(...offset.at(-1)!)).toBeLessThan(1e-6);
  });
});
