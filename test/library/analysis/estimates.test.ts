import { describe, expect, test } from 'vitest';
import { integratedLoudness } from '../../../src/library/analysis/integrated-loudness.ts';
import { KeyEstimator } from '../../../src/library/analysis/key.ts';
import { TempoEstimator } from '../../../src/library/analysis/tempo.ts';
import { camelot } from '../../../src/library/music/musical-key.ts';
import { ChromaFrames } from '../../../src/stream/chroma/chroma-frames.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { MelFrames } from '../../../src/stream/mel.ts';
import { sine } from '../../support/audio.ts';

const RATE = 22_050;

describe('tempo', () => {
  test.each([72, 97.3, 128, 174])('a click at %d BPM', async (bpm) => {
    const samples = new Float32Array(30 * RATE);
    const click = sine(1500, 0.02, RATE);
    for (let beat = 0; (beat * 60) / bpm < 29.9; beat++)
      samples.set(click, Math.round(((beat * 60) / bpm) * RATE));
    const estimator = new TempoEstimator();
    new MelFrames(await loadFft(), RATE).push(samples, (frame) => estimator.push(frame));
    const { bpm: found, confidence } = estimator.tempo!;
    expect(Math.abs(found / bpm - 1)).toBeLessThan(0.005);
    expect(confidence).toBeGreaterThan(0.5);
  });

  test('silence and very short music have none', async () => {
    const silent = new TempoEstimator();
    for (let i = 0; i < 2000; i++) silent.push(new Float32Array(96));
    expect(silent.tempo).toBeNull();
    const short = new TempoEstimator();
    for (let i = 0; i < 200; i++) short.push(new Float32Array(96).fill(i % 30 === 0 ? 1 : 0));
    expect(short.tempo).toBeNull();
  });
});

describe('key', () => {
  test.each([
    [
      'a cadence in C',
      [
        [60, 64, 67],
        [65, 69, 72],
        [67, 71, 74],
        [60, 64, 67],
      ],
      '8B',
    ],
    [
      'a cadence in A minor',
      [
        [57, 60, 64],
        [62, 65, 69],
        [64, 68, 71],
        [57, 60, 64],
      ],
      '8A',
    ],
    [
      'a cadence in F sharp',
      [
        [66, 70, 73],
        [71, 75, 78],
        [73, 77, 80],
        [66, 70, 73],
      ],
      '2B',
    ],
  ])('%s', async (_, chords, expected) => {
    const estimator = new KeyEstimator();
    const chroma = new ChromaFrames(await loadFft(), RATE, (frame) => estimator.push(frame));
    for (const chord of chords) {
      const notes = chord.map((midi) => sine(440 * 2 ** ((midi - 69) / 12), 1, RATE, 0.2));
      chroma.push(notes[0]!.map((_, i) => notes.reduce((sum, note) => sum + note[i]!, 0)));
    }
    expect(camelot(estimator.estimate!.key)).toBe(expected);
  });

  test('without sound there is none', () => {
    expect(new KeyEstimator().estimate).toBeNull();
  });
});

test('integrated loudness leaves out silence, and quiet passages by the relative gate', () => {
  expect(integratedLoudness([-14, -14, -120, -14, -Infinity])).toBe(-14);
  expect(integratedLoudness([-14, -14, -40])).toBe(-14);
  expect(integratedLoudness([-14, -20])).toBeCloseTo(-16, 1);
  expect(integratedLoudness([-90])).toBeNull();
});
