import { lastValueFrom, toArray } from 'rxjs';
import { expect } from 'vitest';
import { type Fields, FORECAST_FIELDS, FRAME_FIELDS, fieldsOf, type RowOf } from '../../src/frame-fields.ts';
import type { Tracker } from '../../src/tracker.ts';
import type { EmotionFrame, Forecast, ModelOutput, StreamMessage } from '../../src/types.ts';

/** Runs a tracker to its end. */
export function messagesOf(tracker: Tracker): Promise<StreamMessage[]> {
  return lastValueFrom(tracker.messages$.pipe(toArray()));
}

export async function framesOf(tracker: Tracker): Promise<EmotionFrame[]> {
  return (await messagesOf(tracker)).filter((message) => message.type === 'emotion');
}

/** Fields that depend on the run, not on the audio. */
const OF_THE_RUN = ['stream', 'time', 'latencyMs'];

/**
 * Expects the frames of two runs of the same audio to be equal (the first invariant): numbers to one unit of their last
 * decimal, everything else exactly. `expectSameOutputs` compares the model's predictions before rounding.
 */
export function expectSameFrames(got: readonly EmotionFrame[], wanted: readonly EmotionFrame[]): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, frame] of got.entries()) expectSame(FRAME_FIELDS, frame, wanted[i]!, `frame ${i}`);
}

function expectSame<T extends Fields>(table: T, got: RowOf<T>, wanted: RowOf<T>, path: string): void {
  expect(Object.keys(got), path).toEqual(Object.keys(wanted));
  for (const [name, field] of fieldsOf(table)) {
    if (OF_THE_RUN.includes(name)) continue;
    const [a, b]: [unknown, unknown] = [got[name], wanted[name]];
    if (field.kind === 'forecasts') {
      const [some, others] = [a as readonly Forecast[], b as readonly Forecast[]];
      expect(some.length, `${path}.${name}`).toBe(others.length);
      for (const [i, one] of some.entries())
        expectSame(FORECAST_FIELDS, one, others[i]!, `${path}.${name}.${i}`);
    } else if (field.kind === 'number' && typeof a === 'number' && typeof b === 'number') {
      const unit = field.decimals === undefined ? 0 : 1.001 * 10 ** -field.decimals;
      expect(Math.abs(a - b), `${path}.${name}: ${a} against ${b}`).toBeLessThanOrEqual(unit);
    } else {
      expect(a, `${path}.${name}`).toBe(b);
    }
  }
}

/** Expects the model's predictions of two runs, before rounding, to agree to 1e-5. */
export function expectSameOutputs(got: readonly ModelOutput[], wanted: readonly ModelOutput[]): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, output] of got.entries()) {
    const others = numbersOf(wanted[i]!);
    for (const [place, number] of numbersOf(output).entries())
      expect(Math.abs(number - others[place]!), `step ${i}, number ${place}`).toBeLessThanOrEqual(1e-5);
  }
}

const numbersOf = ({ state: _, forecast, ...now }: ModelOutput): number[] => [
  ...Object.values(now),
  ...forecast.flatMap((one) => Object.values<number>({ ...one })),
];
