import { expect, test } from 'vitest';
import { holdOutRecordings } from '../../../../lab/distill/encoder/held-out-recordings.ts';
import type { TargetedPassages } from '../../../../lab/distill/encoder/targets.ts';

/** Passages that are numbered; `perRecording` of each recording. */
function numbered(recordings: number, perRecording: number): TargetedPassages {
  const passages = Array.from({ length: recordings * perRecording }, (_, i) => Float32Array.of(i));
  return {
    passages,
    targets: passages.map(([i]) => Float32Array.of(-i!)),
    recordings: passages.map((_, i) => Math.floor(i / perRecording)),
  };
}

test.each([
  [2, 1],
  [10, 1],
  [60, 2],
  [1000, 40],
])('of %i recordings, %i are held out with all their passages', (recordings, heldOut) => {
  const all = numbered(recordings, 3);
  const { training, validation } = holdOutRecordings(all, 25);
  const [trained, held] = [new Set(training.recordings), new Set(validation.recordings)];
  expect(held.size).toBe(heldOut);
  expect([...held].filter((one) => trained.has(one))).toEqual([]);
  expect(training.passages.length + validation.passages.length).toBe(all.passages.length);
  for (const { passages, targets, recordings: numbers } of [training, validation]) {
    expect(targets.map(([i]) => -i!)).toEqual(passages.map(([i]) => i));
    expect(numbers).toEqual(passages.map(([i]) => Math.floor(i! / 3)));
  }
});

test('neighbors are held out together, all over the collection', () => {
  const { validation } = holdOutRecordings(numbered(1000, 1), 25);
  expect(validation.recordings.slice(0, 5)).toEqual([96, 97, 98, 99, 196]);
  expect(validation.recordings.at(-1)).toBe(999);
});

test('a single recording is refused', () => {
  expect(() => holdOutRecordings(numbered(1, 100), 25)).toThrow(/at least two recordings are needed/);
});
