import { setImmediate } from 'node:timers/promises';
import type { AudioChunk, AudioFormat, Source } from '../../types.ts';
import { pace } from '../chunks.ts';
import { synthesize } from './demo/synth.ts';
import type { SourceKind } from './source-kind.ts';
import { checkNoPath, checkParams, integerParam } from './source-uri.ts';

/** `demo:`: an endless piece that undertone composes itself, so it needs no file and no sound card. */
export const demo: SourceKind = {
  schemes: ['demo'],
  usage: 'demo:',
  remote: 'default',
  waits: true,
  create(uri, { paced = true, seed = 1 }) {
    checkNoPath(uri);
    checkParams(uri, ['seed', 'rate', 'channels']);
    return demoSource(uri.uri, {
      paced,
      seed: integerParam(uri, 'seed', 0, 2 ** 32 - 1) ?? seed,
      sampleRateHz: integerParam(uri, 'rate', 8000, 192_000) ?? 44_100,
      channels: integerParam(uri, 'channels', 1, 2) ?? 2,
    });
  },
};

interface DemoOptions extends AudioFormat {
  /** The same seed gives the same piece. */
  readonly seed: number;
  /** Play in real time, else deliver as fast as it is pulled. */
  readonly paced: boolean;
}

/** The piece moves between calm, joyful, tense and sad passages. */
function demoSource(uri: string, { seed, paced, sampleRateHz, channels }: DemoOptions): Source {
  async function* play(signal: AbortSignal): AsyncGenerator<AudioChunk, void, undefined> {
    for (const samples of synthesize(seed, { sampleRateHz, channels })) {
      if (signal.aborted) return;
      yield { type: 'audio', sampleRateHz, channels, samples, arrivedAtMs: performance.now() };
      // Unpaced it never waits by itself, so give other streams a turn.
      if (!paced) await setImmediate();
    }
  }
  return {
    uri,
    open: (signal) => (paced ? pace(play(signal), signal) : play(signal)),
  };
}
