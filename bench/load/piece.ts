import { openSource } from '../../src/stream/sources/index.ts';
import { wavHeader } from '../../src/util/wav-header.ts';

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

export function monoWav(samples: Float32Array): Buffer {
  const pcm = Buffer.alloc(2 * samples.length);
  for (const [i, sample] of samples.entries()) pcm.writeInt16LE(Math.round(32_767 * sample), 2 * i);
  return Buffer.concat([wavHeader(pcm.length, { sampleRateHz: RATE_HZ, channels: 1 }), pcm]);
}
