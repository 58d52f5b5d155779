import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLIP_BANDS, CLIP_FRAMES, StepClips } from '../../src/stream/clip-mel.ts';
import { FeatureExtractor, type FeatureExtractorState } from '../../src/stream/feature-extractor.ts';
import { loadFft } from '../../src/stream/fft.ts';
import { openSource } from '../../src/stream/sources/index.ts';
import { concat, cut, readF32, readLena, readS16 } from '../support/audio.ts';
import { collect } from '../support/collect.ts';
import { dataFolder } from '../support/data.ts';

// Made by test/fixtures/mel/make_clips.py, whose head has the command.
const FIXTURES = 'test/fixtures/mel';
const fft = await loadFft();
const voice = readS16(join(FIXTURES, 'lena-44100.s16'));
const byLibrosa = readF32(join(FIXTURES, 'lena-44100.clips.f32'));

interface ClipOptions {
  readonly channels?: number;
  /** Samples come in chunks of up to this many. */
  readonly longest?: number;
  readonly state?: FeatureExtractorState;
}

/** [steps, CLIP_FRAMES, CLIP_BANDS] */
function clipsOf(
  samples: Float32Array,
  sampleRateHz: number,
  { channels = 1, longest = samples.length, state }: ClipOptions = {},
): Float32Array {
  const extractor = new FeatureExtractor(fft, { sampleRateHz, channels }, state, 'clip');
  const clips: Float32Array[] = [];
  for (const chunk of cut(samples, channels, longest)) {
    for (const { clip } of extractor.push(chunk, 0)) clips.push(clip!.slice());
  }
  return concat(clips);
}

interface Part {
  readonly frames?: readonly [from: number, to: number];
  readonly bands?: number;
}

/** Largest difference over frames `from` … `to` − 1 of every clip and the lowest `bands`. */
function worst(
  got: Float32Array,
  wanted: Float32Array,
  { frames: [from, to] = [0, CLIP_FRAMES], bands = CLIP_BANDS }: Part = {},
) {
  expect(got.length).toBe(wanted.length);
  let most = 0;
  for (const [i, value] of got.entries()) {
    const frame = Math.floor(i / CLIP_BANDS) % CLIP_FRAMES;
    if (frame < from || frame >= to || i % CLIP_BANDS >= bands) continue;
    most = Math.max(most, Math.abs(value - wanted[i]!));
  }
  return most;
}

it('equal librosa at 44.1 kHz', () => {
  const clips = clipsOf(voice, 44_100);
  expect(Math.max(...clips)).toBeGreaterThan(6);
  expect(worst(clips, byLibrosa)).toBeLessThan(2e-6); // 4.8e-7 was measured; values reach to 6.9
});

const folder = dataFolder('clips');
describe.skipIf(!folder)('clips of real music (UNDERTONE_DATA/clips)', () => {
  const golden: Record<string, number[]> = JSON.parse(
    readFileSync(join(FIXTURES, 'half-seconds.json'), 'utf8'),
  );

  it.each(Object.entries(golden))('of %s equal librosa', async (name, wanted) => {
    const music = openSource(`file:${join(folder!, name)}`, { paced: false });
    const { samples, sampleRateHz, channels } = await collect(music.open(new AbortController().signal), 10.6);
    const clips = clipsOf(samples, sampleRateHz, { channels });
    const clip = clips.subarray(20 * CLIP_FRAMES * CLIP_BANDS, 21 * CLIP_FRAMES * CLIP_BANDS);
    for (const [i, value] of wanted.entries()) {
      // 5e-6 was measured: the reference has five digits.
      expect(Math.abs(clip[61 * i]! - value)).toBeLessThan(2e-5);
    }
  });
});

describe('a voice at other rates, resampled by soxr, has the clips of 44.1 kHz', () => {
  // Measured: 1.8e-4 and 3.2e-4 at 48 kHz, 1.6e-4 and 7.9e-3 at 22.05 kHz. Inside, the difference is that of the
  // resampler and of 16 bits; the two outermost frames at either end see the cut, whose sound goes past half the rate.
  it.each([
    { rate: 48_000, bands: CLIP_BANDS, inside: 5e-4, atCuts: 1e-3 },
    { rate: 22_050, bands: 100, inside: 5e-4, atCuts: 2e-2 }, // up to 9 kHz
  ])('$rate Hz', ({ rate, bands, inside, atCuts }) => {
    const clips = clipsOf(readS16(join(FIXTURES, `lena-${rate}.s16`)), rate);
    expect(worst(clips, byLibrosa, { frames: [2, 42], bands })).toBeLessThan(inside);
    expect(worst(clips, byLibrosa, { bands })).toBeLessThan(atCuts);
  });
});

/** Decaying notes up to 2.2 kHz, played at any rate. */
function notes(seconds: number, sampleRateHz: number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * sampleRateHz) }, (_, i) => {
    const t = i / sampleRateHz;
    const tone = (hz: number) => Math.sin(2 * Math.PI * hz * t);
    return 0.2 * Math.exp(-2 * t) * (tone(220) + 0.6 * tone(660) + 0.3 * tone(2200));
  });
}

it.each([8_000, 11_025, 16_000, 32_000, 37_123, 88_200, 96_000, 192_000])(
  'the same notes at %i Hz have the same clips',
  (rate) => {
    const clips = clipsOf(notes(2, rate), rate);
    const wanted = clipsOf(notes(2, 44_100), 44_100);
    // Measured: 4.6e-5 inside at even rates, 1.8e-4 at 11,025 Hz, where every other step begins half a sample
    // late; at the cuts 6.4e-4 from 32 kHz on, 2.1e-2 at 8 kHz, whose half rate leaves out most of a cut's sound.
    expect(worst(clips, wanted, { frames: [2, 42], bands: 62 })).toBeLessThan(5e-4);
    expect(worst(clips, wanted, { bands: 62 })).toBeLessThan(rate < 32_000 ? 4e-2 : 4e-3);
  },
);

it('have silence above half the rate of a slow source', () => {
  const clips = clipsOf(readS16(join(FIXTURES, 'lena-16000.s16')), 8_000);
  const top = clips.filter((_, i) => i % CLIP_BANDS > 75); // from 4 kHz
  expect(Math.max(...top)).toBe(0);
  expect(Math.max(...clips)).toBeGreaterThan(1);
});

it('are computed from the mean of the channels', () => {
  const stereo = Float32Array.from({ length: 2 * voice.length }, (_, i) => (i % 2 ? 0 : 2) * voice[i >> 1]!);
  expect(worst(clipsOf(stereo, 44_100, { channels: 2 }), clipsOf(voice, 44_100))).toBeLessThan(1e-5);
});

describe.each([11_025, 44_100, 48_000])('at %i Hz', (rate) => {
  const samples = readLena().subarray(0, 4 * rate + 77);
  const whole = clipsOf(samples, rate);

  it('do not depend on how the samples are cut', () => {
    for (const longest of [100, 900, 40_000]) {
      expect(worst(clipsOf(samples, rate, { longest }), whole)).toBe(0);
    }
  });

  it.each([0, 1, 600, 5_000, rate / 2, rate / 2 + 3].map(Math.floor))(
    'continue from a state that was saved %i samples into a step',
    (into) => {
      const at = rate + into;
      const first = new FeatureExtractor(fft, { sampleRateHz: rate, channels: 1 }, undefined, 'clip');
      const before = [...first.push(samples.subarray(0, at), 0)].length;
      const state = structuredClone(first.state);
      const rest = clipsOf(samples.subarray(at), rate, { longest: 3_000, state });
      expect(worst(rest, whole.subarray(before * CLIP_FRAMES * CLIP_BANDS))).toBe(0);
      expect(state.clip!.pending.length).toBeLessThan(0.06 * rate);
    },
  );
});

it('have silence where the beginning of the step was not received', () => {
  const first = new FeatureExtractor(fft, { sampleRateHz: 44_100, channels: 1 });
  const windows = [...first.push(voice.subarray(0, 30_000), 0)];
  expect(windows.map(({ clip }) => clip)).toEqual([undefined]);
  expect(first.state.clip).toBeUndefined();
  const silenced = voice.slice();
  silenced.fill(0, 22_050, 30_000);
  expect(clipsOf(voice.subarray(30_000), 44_100, { state: first.state })).toEqual(
    clipsOf(silenced, 44_100).subarray(CLIP_FRAMES * CLIP_BANDS),
  );
});

it('do not change until the next step ends', () => {
  const clips = new StepClips(fft, 44_100);
  clips.push(voice.subarray(0, 22_050));
  const clip = clips.end();
  const copy = clip.slice();
  clips.push(voice.subarray(22_050, 44_000));
  expect(clip).toEqual(copy);
});
