import { cutChunks } from '../../src/stream/chunks.ts';
import type { AudioChunk, AudioFormat, Source } from '../../src/types.ts';
import { run } from './encode.ts';

/** [frames · channels] */
export interface Reference extends AudioFormat {
  readonly samples: Float32Array;
}

/**
 * ffmpeg's decode of a file, at the rate and with the channels that ffmpeg finds in it.
 *
 * @param delay samples per channel to leave out at the start
 */
export async function ffmpegDecode(path: string, delay = 0): Promise<Reference> {
  const args = [
    '-v',
    'quiet',
    '-nostdin',
    '-i',
    path,
    '-map',
    '0:a:0',
    '-c:a',
    'pcm_f32le',
    '-f',
    'wav',
    '-',
  ];
  const { samples, ...format } = readFloatWav(await run('ffmpeg', args));
  return { ...format, samples: samples.subarray(delay * format.channels) };
}

/** A source that delivers decodes one after the other, as a file of several links should be delivered. */
export function referenceSource(parts: readonly Reference[]): Source {
  return {
    uri: 'reference:',
    async *open(): AsyncGenerator<AudioChunk> {
      for (const part of parts) yield* cutChunks(part);
    },
  };
}

/** WAV as ffmpeg writes it to a pipe: 32-bit float, sizes unknown. */
function readFloatWav(wav: Buffer): Reference {
  let [sampleRateHz, channels] = [0, 0];
  for (let at = 12; at + 8 <= wav.length; ) {
    const name = wav.toString('latin1', at, at + 4);
    if (name === 'fmt ') {
      channels = wav.readUInt16LE(at + 10);
      sampleRateHz = wav.readUInt32LE(at + 12);
    }
    if (name === 'data') {
      const bytes = Uint8Array.from(wav.subarray(at + 8));
      const samples = new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4 / channels) * channels);
      return { sampleRateHz, channels, samples };
    }
    const size = wav.readUInt32LE(at + 4);
    at += 8 + size + (size & 1);
  }
  throw new Error('ffmpeg decoded nothing.');
}
