import { setImmediate } from 'node:timers/promises';
import type { AudioChunk, AudioFormat, Source } from '../../types.ts';
import { pace } from '../chunks.ts';
import { synthesize } from './demo/synth.ts';

export interface DemoOptions extends AudioFormat {
  readonly seed: number;
  /** As if it were played now; else as fast as it is pulled. */
  readonly paced: boolean;
}

/** `demo:`: an endless piece made from a seed, that wanders through calm, joyful, tense and sad. */
export function demoSource(uri: string, { seed, paced, sampleRateHz, channels }: DemoOptions): Source {
  async function* play(signal: AbortSignal): AsyncGenerator<AudioChunk, void, undefined> {
    for (const samples of synthesize(seed, { sampleRateHz, channels })) {
      if (signal.aborted) return;
      yield { type: 'audio', sampleRateHz, channels, samples, arrivedAtMs: performance.now() };
      // Unpaced it never waits by itself: let others have their turn.
      if (!paced) await setImmediate();
    }
  }
  return {
    uri,
    open: (signal) => (paced ? pace(play(signal), signal) : play(signal)),
  };
}
