import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import { type SpeedPitch, UNCHANGED } from '../augment/speed-pitch.ts';
import { extractMel, extractSpeedPitchMel } from '../features/clip-mel.ts';
import { MEL_PARTS, type StoredMel } from '../features/stored.ts';
import { readCached, writeCached } from './cache-file.ts';
import { audioHash, melFingerprint } from './fingerprint.ts';

export interface MelCache {
  /** The mel frames of a recording, from the cache if they were extracted before. */
  get(path: string, speedPitch?: SpeedPitch): Promise<StoredMel>;
  /** A hash of everything that the mel frames depend on. */
  keyOf(path: string, speedPitch?: SpeedPitch): Promise<string>;
}

export function createMelCache(plans: FftPlans, folder: string): MelCache {
  const code = `${melFingerprint(plans)}/${MEL_PARTS}`;
  async function keyOf(path: string, { speed, pitch }: SpeedPitch = UNCHANGED): Promise<string> {
    return createHash('sha256')
      .update(`${code}/${await audioHash(path)}/${speed}/${pitch}`)
      .digest('hex');
  }
  return {
    keyOf,
    async get(path, speedPitch = UNCHANGED) {
      const place = join(folder, `${(await keyOf(path, speedPitch)).slice(0, 32)}.mel`);
      const cached = unpack(await readCached(place));
      if (cached) return cached;
      const unchanged = speedPitch.speed === 1 && speedPitch.pitch === 1;
      const mel = unchanged
        ? await extractMel(path, plans)
        : await extractSpeedPitchMel(path, plans, speedPitch);
      await writeCached(place, pack(mel));
      return mel;
    },
  };
}

/** Number of steps, the end of each, then the frames; 16-bit numbers in native byte order. */
function pack({ frames, ends }: StoredMel): Uint8Array {
  const all = new Uint16Array(1 + ends.length + frames.length);
  all[0] = ends.length;
  all.set(ends, 1);
  all.set(frames, 1 + ends.length);
  return new Uint8Array(all.buffer);
}

function unpack(bytes: ArrayBuffer | undefined): StoredMel | undefined {
  if (!bytes) return undefined;
  const all = new Uint16Array(bytes, 0, bytes.byteLength >> 1);
  const steps = all[0] ?? 0;
  const ends = all.slice(1, 1 + steps);
  const frames = all.slice(1 + steps);
  return frames.length > 0 && frames.length === (ends.at(-1) ?? 0) * MEL_BANDS ? { frames, ends } : undefined;
}
