import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import { AS_RECORDED, type Playing } from '../augment/speed-pitch.ts';
import { hearClip, hearPlayed } from '../features/clip-mel.ts';
import { type ClipMel, MEL_PARTS } from '../features/stored.ts';
import { readCached, writeCached } from './cache-file.ts';
import { audioHash, melFingerprint } from './fingerprint.ts';

export interface MelCache {
  /** The mel frames of a recording, from the cache where it was heard before. */
  get(path: string, playing?: Playing): Promise<ClipMel>;
  /** What they are made of, as a hash. */
  keyOf(path: string, playing?: Playing): Promise<string>;
}

export function createMelCache(plans: FftPlans, folder: string): MelCache {
  const code = `${melFingerprint(plans)}/${MEL_PARTS}`;
  async function keyOf(path: string, { speed, pitch }: Playing = AS_RECORDED): Promise<string> {
    return createHash('sha256')
      .update(`${code}/${await audioHash(path)}/${speed}/${pitch}`)
      .digest('hex');
  }
  return {
    keyOf,
    async get(path, playing = AS_RECORDED) {
      const place = join(folder, `${(await keyOf(path, playing)).slice(0, 32)}.mel`);
      const kept = unpack(await readCached(place));
      if (kept) return kept;
      const plain = playing.speed === 1 && playing.pitch === 1;
      const mel = plain ? await hearClip(path, plans) : await hearPlayed(path, plans, playing);
      await writeCached(place, pack(mel));
      return mel;
    },
  };
}

/** Number of steps, the end of each, then the frames; 16-bit numbers of this machine's byte order. */
function pack({ frames, ends }: ClipMel): Uint8Array {
  const all = new Uint16Array(1 + ends.length + frames.length);
  all[0] = ends.length;
  all.set(ends, 1);
  all.set(frames, 1 + ends.length);
  return new Uint8Array(all.buffer);
}

function unpack(bytes: ArrayBuffer | undefined): ClipMel | undefined {
  if (!bytes) return undefined;
  const all = new Uint16Array(bytes, 0, bytes.byteLength >> 1);
  const steps = all[0] ?? 0;
  const ends = all.slice(1, 1 + steps);
  const frames = all.slice(1 + steps);
  return frames.length > 0 && frames.length === (ends.at(-1) ?? 0) * MEL_BANDS ? { frames, ends } : undefined;
}
