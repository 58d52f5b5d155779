import { describe, expect, test } from 'vitest';
import { createMapping, type ValueOptions } from '../../../src/sinks/mapping/mapping.ts';
import { EMPTY_FRAME, type EmotionFrame } from '../../../src/types.ts';

const frame = (seq: number, values: Partial<EmotionFrame> = {}): EmotionFrame => ({
  ...EMPTY_FRAME,
  stream: 'a',
  seq,
  t: 0.5 * (seq + 1),
  ...values,
});

/** What a mapping of one value sends for a sequence of valences. */
function sent(options: Omit<ValueOptions, 'value'>, valences: readonly (number | null)[]) {
  const mapping = createMapping({ values: [{ value: 'valence', ...options }] });
  return valences.map((valence, seq) => mapping.next(frame(seq, { valence }))[0]?.value);
}

describe('a mapping', () => {
  test('sends the default values of a frame unchanged', () => {
    const forecast = [5, 10].map((horizon) => ({
      horizon,
      valence: 0.1,
      arousal: -0.2,
      valenceLow: 0,
      valenceHigh: 0,
      arousalLow: 0,
      arousalHigh: 0,
    }));
    const values = createMapping({}).next(
      frame(0, {
        valence: 0.31,
        arousal: 0.62,
        mood: 'excited',
        activity: 'music',
        loudness: -14.2,
        forecast,
      }),
    );
    expect(Object.fromEntries(values.map(({ name, value }) => [name, value]))).toEqual({
      valence: 0.31,
      arousal: 0.62,
      mood: 'excited',
      activity: 'music',
      loudness: -14.2,
      'forecast/5': [0.1, -0.2],
    });
  });

  test('scales from the whole range or a part of it, clamps, and may reverse', () => {
    expect(sent({ to: [0, 127] }, [-1, 0, 1, 2])).toEqual([0, 63.5, 127, 127]);
    expect(sent({ from: [0, 0.5], to: [1, 0] }, [-1, 0.25, 1])).toEqual([1, 0.5, 0]);
    const mapping = createMapping({ values: [{ value: 'loudness', to: [0, 1] }] });
    expect(mapping.next(frame(0, { loudness: -30 }))[0]!.value).toBe(0.5);
    expect(mapping.next(frame(1, { loudness: null }))[0]!.value).toBeNull();
  });

  test('covers 63 % of a jump within the time constant, and begins anew after a step without a value', () => {
    const values = sent({ smooth: '2s' }, [0, 1, 1, 1, 1, null, -1]);
    expect(values[4]).toBeCloseTo(1 - Math.exp(-1), 4);
    expect(values[1]).toBeCloseTo(1 - Math.exp(-0.25), 4);
    expect(values.slice(5)).toEqual([null, -1]);
  });

  test('sends at most once in a span of audio, also in a new run', () => {
    expect(sent({ every: '1s' }, [0.1, 0.2, 0.3, 0.4, 0.5])).toEqual([0.1, undefined, 0.3, undefined, 0.5]);
    const mapping = createMapping({ values: [{ value: 'valence', every: '1h' }] });
    expect(mapping.next(frame(9, { valence: 1 }))).toHaveLength(1);
    expect(mapping.next(frame(10, { valence: 1 }))).toHaveLength(0);
    expect(mapping.next(frame(0, { valence: 1 }))).toHaveLength(1);
  });

  test('switches with hysteresis, in both directions, and is off without a value', () => {
    const path = [0, 0.55, 0.6, 0.55, 0.4, 0.55, 0.7, null];
    expect(sent({ on: 0.6, off: 0.5 }, path)).toEqual([0, undefined, 1, undefined, 0, undefined, 1, 0]);
    expect(sent({ on: -0.5, off: -0.3, to: [10, 20] }, [0, -0.5, -0.4, -0.3])).toEqual([
      10,
      20,
      undefined,
      10,
    ]);
    expect(sent({ on: 0.6, off: 0.5, edge: 'on' }, path)).toEqual([
      undefined,
      undefined,
      1,
      undefined,
      undefined,
      undefined,
      1,
      undefined,
    ]);
    expect(sent({ on: 0.6, off: 0.5, edge: 'off' }, path)[4]).toBe(0);
  });

  test('ends a stream with null values and switches that are off', () => {
    const mapping = createMapping({
      values: [{ value: 'valence' }, { value: 'arousal', on: 0 }, { value: 'valence', on: 0.9, edge: 'on' }],
    });
    mapping.next(frame(0, { valence: 0.5, arousal: 0.5 }));
    expect(mapping.end().map(({ name, value }) => [name, value])).toEqual([
      ['valence', null],
      ['arousal', 0],
    ]);
  });
});
