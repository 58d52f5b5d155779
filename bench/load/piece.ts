import { openSource } from '../../src/stream/sources/index.ts';

export const RATE_HZ = 44_100;
const CHANNELS = 2;

/** The beginning of a recording, or of the demo piece, as 44.1 kHz stereo s16le. */
export async function piece(file: string | undefined, seconds: number): Promise<Buffer> {
  const wanted = seconds * RATE_HZ * CHANNELS;
  const pcm = new Int16Array(wanted);
  let at = 0;
  const source = openSource(file === undefined ? 'demo:' : `file:${file}`, { paced: false });
  for await (const item of source.open(new AbortController().signal)) {
    if (item.type !== 'audio') continue;
    if (item.sampleRateHz !== RATE_HZ || item.channels !== CHANNELS)
      throw new Error(
        `The recording has ${item.sampleRateHz} Hz and ${item.channels} channels; 44.1 kHz stereo is needed.`,
      );
    for (const sample of item.samples) {
      if (at === wanted) break;
      pcm[at++] = Math.max(-32_768, Math.min(32_767, Math.round(32_768 * sample)));
    }
    if (at === wanted) break;
  }
  return Buffer.from(pcm.buffer, 0, 2 * at);
}

/** Bytes of so many milliseconds. */
export const bytesOf = (ms: number): number => 2 * CHANNELS * Math.round((RATE_HZ * ms) / 1000);

/** The header of a WAV file of 44.1 kHz, 16 bits. */
export function wavHeader(bytes: number, channels: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF');
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(RATE_HZ, 24);
  header.writeUInt32LE(2 * channels * RATE_HZ, 28);
  header.writeUInt16LE(2 * channels, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}

export function monoWav(samples: Float32Array): Buffer {
  const pcm = Buffer.alloc(2 * samples.length);
  for (const [i, sample] of samples.entries()) pcm.writeInt16LE(Math.round(32_767 * sample), 2 * i);
  return Buffer.concat([wavHeader(pcm.length, 1), pcm]);
}
