import { describe, expect, test } from 'vitest';
import { melLevels } from '../../dashboard/state/mel-levels.ts';
import { MelStore } from '../../dashboard/state/mel-store.ts';
import { RING_STEPS, StepRing } from '../../dashboard/state/step-ring.ts';
import { fakeFrame } from './fake-frame.ts';

const START_MS = Date.parse('2026-11-20T20:00:00Z');
const timeOf = (seq: number) => START_MS + 500 * seq;
const HZ = [100, 1_000, 4_000];

/** Two columns of three bands a step. */
function filled(run: number, seqs: readonly number[], data = Uint8Array.of(255, 51, 0, 255, 51, 0)) {
  const store = new MelStore();
  store.receive({ type: 'hello', stream: 'a', hz: HZ, columns: 2 });
  for (const seq of seqs) store.receive(mel(run, seq, data));
  return store;
}
const mel = (run: number, seq: number, data: Uint8Array) =>
  ({
    type: 'mel',
    stream: 'a',
    run,
    seq,
    t: 0.5 * (seq + 1),
    time: new Date(timeOf(seq)).toISOString(),
    data: Buffer.from(data).toString('base64'),
    dropped: 0,
  }) as const;

function ringOf(seqs: readonly number[], startMs = START_MS) {
  const ring = new StepRing();
  for (const seq of seqs) ring.append(fakeFrame('a', seq, startMs + 500 * seq));
  return ring;
}

describe('the store of mel frames', () => {
  test('finds the columns of a step of the chart', () => {
    const store = filled(1, [3, 4]);
    const ring = ringOf([2, 3, 4]);
    expect([0, 1, 2].map((step) => store.of(ring, step)?.length)).toEqual([undefined, 6, 6]);
  });

  test('a step of another run, with the same number, has none', () => {
    const store = filled(1, [0]);
    expect(store.of(ringOf([0], START_MS - 60_000), 0)).toBeUndefined();
    store.receive(mel(2, 1, new Uint8Array(6)));
    expect(store.of(ringOf([0]), 0)).toBeUndefined();
  });

  test('keeps no more steps than the chart', () => {
    const store = filled(
      1,
      Array.from({ length: RING_STEPS + 10 }, (_, seq) => seq),
    );
    const ring = ringOf([9, 10]);
    expect(store.of(ring, 0)).toBeUndefined();
    expect(store.of(ring, 1)).toBeDefined();
  });

  test('levels of a time are those of its three ranges', () => {
    const store = filled(1, [0, 1, 2, 3]);
    const ring = ringOf([0, 1, 2, 3]);
    const now = timeOf(3) / 1000;
    expect(melLevels(store, ring, now - 5, now)).toEqual({
      low: 100,
      middle: 20,
      high: 0,
      strongestHz: 100,
    });
    expect(melLevels(store, ring, now + 5, now + 10)).toBeNull();
  });
});
