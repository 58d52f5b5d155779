import { setImmediate } from 'node:timers/promises';
import { synthesize } from '../../stream/sources/demo/synth.ts';

const SAMPLE_RATE_HZ = 32_000;
const HEADER_BYTES = 44;

/**
 * The demo piece of a seed as a WAV file: mono, 16 bit. A file of a fixed length, because browsers can play it and
 * seek in it without the whole stream being there; the piece itself is endless.
 *
 * @param seconds length, 1 to 600
 */
export async function* demoWav(seed: number, seconds: number): AsyncGenerator<Uint8Array> {
  const samples = Math.round(seconds * SAMPLE_RATE_HZ);
  yield headerOf(samples);
  let left = samples;
  for (const block of synthesize(seed, { sampleRateHz: SAMPLE_RATE_HZ, channels: 1 })) {
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
export const demoWavBytes = (seconds: number): number =>
  HEADER_BYTES + Math.round(seconds * SAMPLE_RATE_HZ) * 2;

function headerOf(samples: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + samples * 2, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // channels
  header.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  header.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples * 2, 40);
  return header;
}
