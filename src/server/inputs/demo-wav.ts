import { setImmediate } from 'node:timers/promises';
import { synthesize } from '../../stream/sources/demo/synth.ts';
import { WAV_HEADER_BYTES, wavHeader } from '../../util/wav-header.ts';

const FORMAT = { sampleRateHz: 32_000, channels: 1 };

/**
 * The demo piece of a seed as a WAV file: mono, 16 bit. A file of a fixed length, because browsers can play it and
 * seek in it without the whole stream being there; the piece itself is endless.
 *
 * @param seconds length, 1 to 600
 */
export async function* demoWav(seed: number, seconds: number): AsyncGenerator<Uint8Array> {
  let left = samplesOf(seconds);
  yield wavHeader(2 * left, FORMAT);
  for (const block of synthesize(seed, FORMAT)) {
    const pcm = Buffer.alloc(Math.min(left, block.length) * 2);
    for (let i = 0; i * 2 < pcm.length; i++)
      pcm.writeInt16LE(Math.round(Math.max(-1, Math.min(1, block[i]!)) * 32_767), i * 2);
    yield pcm;
    left -= block.length;
    if (left <= 0) return;
    await setImmediate(); // Synthesis takes a while: give the streams a turn.
  }
}

/** Bytes of the file of that length. */
export const demoWavBytes = (seconds: number): number => WAV_HEADER_BYTES + 2 * samplesOf(seconds);

const samplesOf = (seconds: number): number => Math.round(seconds * FORMAT.sampleRateHz);
