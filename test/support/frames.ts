import { lastValueFrom, toArray } from 'rxjs';
import { expect } from 'vitest';
import type { Tracker } from '../../src/tracker.ts';
import type { EmotionFrame, StreamMessage } from '../../src/types.ts';

/** Runs a tracker to its end. */
export function messagesOf(tracker: Tracker): Promise<StreamMessage[]> {
  return lastValueFrom(tracker.messages$.pipe(toArray()));
}

export async function framesOf(tracker: Tracker): Promise<EmotionFrame[]> {
  return (await messagesOf(tracker)).filter((message) => message.type === 'emotion');
}

/** Holds two runs of the same audio to the first invariant: all numbers agree to 1e-5, all words exactly. */
export function expectSameFrames(got: readonly EmotionFrame[], wanted: readonly EmotionFrame[]): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, frame] of got.entries()) expectSame(frame, wanted[i]!, `frame ${i}`);
}

/** Fields that tell of the run, not of the audio. */
const OF_THE_RUN = new Set(['time', 'latencyMs', 'stream']);

function expectSame(got: unknown, wanted: unknown, path: string): void {
  if (typeof got === 'number' && typeof wanted === 'number') {
    expect(Math.abs(got - wanted), `${path}: ${got} against ${wanted}`).toBeLessThanOrEqual(1e-5);
  } else if (got && wanted && typeof got === 'object' && typeof wanted === 'object') {
    expect(Object.keys(got), path).toEqual(Object.keys(wanted));
    for (const [key, value] of Object.entries(got)) {
      if (!OF_THE_RUN.has(key)) expectSame(value, (wanted as Record<string, unknown>)[key], `${path}.${key}`);
    }
  } else {
    expect(got, path).toBe(wanted);
  }
}
