import { expect, test } from 'vitest';
import { FeatureExtractor } from '../../src/stream/feature-extractor.ts';
import { loadFft } from '../../src/stream/fft.ts';
import { isLong, passages } from '../../src/stream/passage.ts';
import type { StepWindow } from '../../src/types.ts';
import { readLena } from '../support/audio.ts';

const FORMAT = { sampleRateHz: 44_100, channels: 1 };
const NEEDS = ['clip', 'fine', 'harmony'] as const;
const voice = readLena();
const fft = await loadFft();

const windows = () => new FeatureExtractor(fft, FORMAT, undefined, NEEDS).push(voice, 0);

/** All numbers of a window. */
const numbersOf = ({ mel, clip, fine, harmony }: StepWindow) =>
  [mel, clip!, fine!.mel, harmony!].map((array) => Array.from(array));

test('the windows of a passage keep their numbers while later ones are computed', () => {
  const wanted = [...windows()].map(({ step, newFrames }) => [step, newFrames]);
  const numbers = [];
  for (const window of windows()) numbers.push(numbersOf(window));
  const most = Math.ceil(wanted.length / 2) + 1;
  const parts = [...passages(windows(), most)];
  expect(parts.map(({ length }) => length)).toEqual([most, wanted.length - most]);
  const kept = parts.flat() as StepWindow[];
  expect(kept.map(({ step, newFrames }) => [step, newFrames])).toEqual(wanted);
  expect(kept.map(numbersOf)).toEqual(numbers);
  // Only new frames are copied.
  expect(kept[1]!.mel.buffer).toBe(kept[0]!.mel.buffer);
});

test('an event between two windows keeps its place', () => {
  const event = { type: 'source-lost', stream: 'a', t: 1, time: '', message: '' } as const;
  const [first, second] = [...passages([...windows()].slice(0, 2))].flat();
  const [part] = [...passages([first!, event, second!])];
  expect(part!.map((output) => ('mel' in output ? output.step : output.type))).toEqual([0, 'source-lost', 1]);
});

test('only a chunk with several steps is long', () => {
  const chunk = (seconds: number) =>
    ({ type: 'audio', ...FORMAT, samples: new Float32Array(seconds * 44_100), arrivedAtMs: 0 }) as const;
  expect(isLong(chunk(0.5))).toBe(false);
  expect(isLong(chunk(1))).toBe(false);
  expect(isLong(chunk(8))).toBe(true);
  expect(isLong({ type: 'source-lost', message: '' })).toBe(false);
});
