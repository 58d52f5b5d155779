import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { synthesize } from '../../src/stream/sources/demo/synth.ts';
import { encodeWav } from '../support/wav.ts';

/** The music that every row encodes: what the program composes itself, so it needs no file and no notice. */
export const CLIPS = {
  /** Not a whole number of steps: a codec's delay and padding do not change the number of steps. */
  music: () => demo(7, 4.25),
  /** Two passages of different character, as the links of a chained stream. */
  first: () => demo(7, 2.25),
  second: () => demo(3, 2.25),
  /** The same sound in both channels, then stereo: a spoken ident before music. */
  dualMonoFirst: () => {
    const samples = demo(7, 4.25);
    for (let i = 0; i < 2 * 2 * RATE_HZ; i += 2) samples[i + 1] = samples[i]!;
    return samples;
  },
  silenceFirst: () => demo(7, 4.25).fill(0, 0, 2 * 1 * RATE_HZ),
} satisfies Record<string, () => Float32Array>;

export type ClipName = keyof typeof CLIPS;

const RATE_HZ = 44_100;

/** Writes all clips as WAV, 44.1 kHz stereo, 16 bits. */
export async function writeClips(folder: string): Promise<Readonly<Record<ClipName, string>>> {
  const written = await Promise.all(
    Object.entries(CLIPS).map(async ([name, make]) => {
      const path = join(folder, `${name}.wav`);
      // 0.9: rounding must not overflow 16 bits.
      const samples = make().map((x) => 0.9 * x);
      await writeFile(path, encodeWav(samples, { sampleRateHz: RATE_HZ, channels: 2, encoding: 's16' }));
      return [name, path];
    }),
  );
  return Object.fromEntries(written);
}

/** [frames · 2] of the piece with this seed, after its first two seconds, which are quiet. */
function demo(seed: number, seconds: number): Float32Array {
  const [skip, length] = [2 * 2 * RATE_HZ, Math.round(seconds * RATE_HZ) * 2];
  const samples = new Float32Array(skip + length);
  let at = 0;
  for (const block of synthesize(seed, { sampleRateHz: RATE_HZ, channels: 2 })) {
    samples.set(block.subarray(0, samples.length - at), at);
    at += block.length;
    if (at >= samples.length) break;
  }
  return samples.slice(skip);
}
