import { describe, expect, it } from 'vitest';
import { Downmix } from '../../src/stream/downmix.ts';
import { FeatureExtractor, type FeatureExtractorState } from '../../src/stream/feature-extractor.ts';
import { loadFft } from '../../src/stream/fft.ts';
import { Loudness } from '../../src/stream/loudness.ts';
import { mixToMono } from '../../src/stream/mono.ts';
import { StreamAnalyzer, type StreamAnalyzerState } from '../../src/stream/stream-analyzer.ts';
import type { StepWindow, StreamEvent } from '../../src/types.ts';
import { concat, cut, readLena } from '../support/audio.ts';

const fft = await loadFft();
const RATE = 44_100;
const voice = readLena();

/** Interleaves the voice with these gains, one per channel. */
function channelsOf(gains: readonly number[], mono = voice): Float32Array {
  const samples = new Float32Array(mono.length * gains.length);
  for (const [i, value] of mono.entries()) {
    for (const [c, gain] of gains.entries()) samples[i * gains.length + c] = gain * value;
  }
  return samples;
}

/** Compares long arrays faster than `toEqual`. */
function expectSame(got: Float32Array | Float32Array[], wanted: Float32Array | Float32Array[]): void {
  const [one, other] = [got, wanted].map((parts) => (Array.isArray(parts) ? concat(parts) : parts));
  expect(one!.length).toBe(other!.length);
  expect(one!.findIndex((value, i) => value !== other![i])).toBe(-1);
}

interface Input {
  readonly channels: number;
  readonly sampleRateHz?: number;
  /** Samples come in chunks of up to this many. */
  readonly longest?: number;
}

/** The mix of all samples, cut into whole steps. */
function mixOf(samples: Float32Array, { channels, sampleRateHz = RATE, longest = samples.length }: Input) {
  const format = { sampleRateHz, channels };
  const downmix = new Downmix(format, new Loudness(format));
  const pieces: Float32Array[] = [];
  for (const chunk of cut(samples, channels, longest))
    downmix.push(chunk, (mono) => pieces.push(mono.slice()));
  downmix.flush((mono) => pieces.push(mono.slice()));
  return concat(pieces);
}

/** The mel frames and loudness of every step. */
function windowsOf(
  samples: Float32Array,
  { channels, sampleRateHz = RATE, longest = samples.length }: Input,
) {
  const extractor = new FeatureExtractor(fft, { sampleRateHz, channels });
  const windows: Float32Array[] = [];
  for (const chunk of cut(samples, channels, longest)) {
    for (const { mel } of extractor.push(chunk, 0)) windows.push(mel.slice());
  }
  return windows;
}

/** Events and windows of chunks, with the event's time. */
function outputsOf(analyzer: StreamAnalyzer, samples: Float32Array, channels: number, longest = 4_000) {
  const events: StreamEvent[] = [];
  const windows: StepWindow[] = [];
  for (const chunk of cut(samples, channels, longest)) {
    const item = { type: 'audio' as const, samples: chunk, sampleRateHz: RATE, channels, arrivedAtMs: 0 };
    for (const output of analyzer.analyze(item)) {
      if ('mel' in output) windows.push({ ...output, mel: output.mel.slice() });
      else events.push(output);
    }
  }
  return { events, windows };
}

describe('channels that do not cancel are mixed as their mean, bit for bit', () => {
  it.each([
    ['both the same', [1, 1]],
    ['only one', [1, 0]],
    ['one inverted, but 6 dB lower', [1, -0.5]],
    ['one of eight', [0, 0, 1, 0, 0, 0, 0, 0]],
  ])('%s', (_, gains) => {
    const samples = channelsOf(gains);
    const wanted = mixToMono(samples, gains.length, new Float32Array(voice.length));
    expectSame(mixOf(samples, { channels: gains.length, longest: 3_000 }), wanted);
  });
});

describe('channels that cancel are replaced by the loudest, from the first sample on', () => {
  const mono = windowsOf(voice, { channels: 1 });

  it.each([
    ['an inverted one', [1, -1], 0],
    ['an inverted one 2 % lower', [1, -0.98], 0],
    ['an inverted one 20 % higher', [0.8, -1], 1],
    ['a pair of three', [0, 1, -1], 1],
    ['a pair of 32', Array.from({ length: 32 }, (_, c) => (c === 7 ? 1 : c === 20 ? -1 : 0)), 7],
  ])('%s', (_, gains, channel) => {
    const scale = gains[channel]!;
    const wanted =
      scale === 1
        ? mono
        : windowsOf(
            voice.map((value) => scale * value),
            { channels: 1 },
          );
    expectSame(windowsOf(channelsOf(gains), { channels: gains.length }), wanted);
  });

  it.each([8_000, 11_025, 22_050, 48_000, 96_000])('at %i Hz', (sampleRateHz) => {
    const piece = voice.subarray(0, 2 * sampleRateHz + 17);
    const wanted = windowsOf(piece, { channels: 1, sampleRateHz });
    expect(windowsOf(channelsOf([1, -1], piece), { channels: 2, sampleRateHz, longest: 999 })).toEqual(
      wanted,
    );
  });

  it('within a second when the cable is changed, and back at once', () => {
    const [before, after] = [voice.subarray(0, 4 * RATE), voice.subarray(4 * RATE, 8 * RATE)];
    const samples = concat([
      channelsOf([1, 1], before),
      channelsOf([1, -1], after),
      channelsOf([1, 1], before),
    ]);
    const mix = mixOf(samples, { channels: 2 });
    expectSame(mix.subarray(5 * RATE, 8 * RATE), voice.subarray(5 * RATE, 8 * RATE));
    expectSame(mix.subarray(8.5 * RATE), voice.subarray(0.5 * RATE, 4 * RATE));
  });

  it('and offsets of opposite sign are not taken for music that cancels', () => {
    const samples = channelsOf([1, 1]).map((value, i) => 0.1 * value + (i % 2 === 0 ? 0.05 : -0.05));
    const mix = mixOf(samples, { channels: 2 });
    const wanted = mixToMono(samples, 2, new Float32Array(voice.length));
    expectSame(mix.subarray(RATE), wanted.subarray(RATE));
  });
});

describe('the result does not depend', () => {
  // Inverted in the middle third.
  const third = Math.floor(voice.length / 3);
  const samples = channelsOf([1, 1]);
  for (let i = third; i < 2 * third; i++) samples[2 * i + 1]! *= -1;

  it.each([1, 64, 5_000])('on how the samples are cut: up to %i', (longest) => {
    expectSame(mixOf(samples, { channels: 2, longest }), mixOf(samples, { channels: 2 }));
  });

  it('on saving and restoring within a block', () => {
    const whole = windowsOf(samples, { channels: 2 });
    const windows: Float32Array[] = [];
    let state: FeatureExtractorState | undefined;
    for (const chunk of cut(samples, 2, 20_000)) {
      const extractor = new FeatureExtractor(fft, { sampleRateHz: RATE, channels: 2 }, state);
      for (const { mel } of extractor.push(chunk, 0)) windows.push(mel.slice());
      state = structuredClone(extractor.state);
    }
    expectSame(windows, whole);
  });
});

it.each([0.1, 0, -0.1])('an offset of 0.1 left and %f right, without music, is silence', (right) => {
  const samples = Float32Array.from({ length: 2 * RATE * 2 }, (_, i) => (i % 2 === 0 ? 0.1 : right));
  const extractor = new FeatureExtractor(fft, { sampleRateHz: RATE, channels: 2 });
  for (const { mel, loudness } of extractor.push(samples, 0)) {
    expect(loudness).toBeLessThan(-100);
    expect(mel.findIndex((value) => value > 1e-3)).toBe(-1);
  }
  expect(extractor.steps).toBe(4);
});

describe('events', () => {
  const inPhase = channelsOf([1, 1], voice.subarray(0, 6 * RATE));
  const inverted = channelsOf([1, -1], voice.subarray(0, 6 * RATE));

  it('report cancellation after 3 s of it, and its end after 3 s without', () => {
    const { events } = outputsOf(new StreamAnalyzer('s', fft), concat([inverted, inPhase]), 2);
    expect(events).toMatchObject([
      { type: 'phase-cancellation', t: 3, message: expect.stringContaining('channel 1 alone is analyzed') },
      { type: 'phase-restored', t: 9 },
    ]);
  });

  it('are absent for ordinary stereo and for two seconds of cancellation', () => {
    const samples = concat([inPhase, inverted.subarray(0, 4 * RATE), inPhase]);
    expect(outputsOf(new StreamAnalyzer('s', fft), samples, 2).events).toEqual([]);
  });

  it('do not change during silence', () => {
    const pause = new Float32Array(2 * 5 * RATE);
    const samples = concat([inverted, pause, inverted, pause]);
    const { events } = outputsOf(new StreamAnalyzer('s', fft), samples, 2);
    expect(events.map(({ type, t }) => [type, t])).toEqual([['phase-cancellation', 3]]);
  });

  it('are counted on after saving and restoring', () => {
    let state: StreamAnalyzerState = {};
    const events: StreamEvent[] = [];
    for (const chunk of cut(concat([inverted, inPhase]), 2, 15_000)) {
      const analyzer = new StreamAnalyzer('s', fft, state);
      events.push(...outputsOf(analyzer, chunk, 2).events);
      state = structuredClone(analyzer.state);
    }
    expect(events.map(({ type, t }) => [type, t])).toEqual([
      ['phase-cancellation', 3],
      ['phase-restored', 9],
    ]);
  });

  it('end when the source changes to mono', () => {
    const analyzer = new StreamAnalyzer('s', fft);
    outputsOf(analyzer, inverted, 2);
    const { events } = outputsOf(analyzer, voice.subarray(0, 4 * RATE), 1);
    expect(events.map(({ type }) => type)).toEqual(['gap', 'phase-restored']);
  });
});
