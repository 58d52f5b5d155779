import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { UNCHANGED } from '../augment/speed-pitch.ts';
import { type ClipAugmentation, extractStepClips } from '../features/step-clips.ts';
import { CLIP_PARTS, CLIP_SIZE, type StoredClips } from '../features/stored.ts';
import { readCached, writeCached } from './cache-file.ts';
import { audioHash, clipFingerprint } from './fingerprint.ts';

export interface ClipCache {
  /** The half-second clips of a recording, from the cache if they were extracted before. */
  get(path: string, augmentation?: ClipAugmentation): Promise<StoredClips>;
}

/** The files have the same format as the clips in memory: 11,264 bytes per step. */
export function createClipCache(plans: FftPlans, folder: string): ClipCache {
  const code = `${clipFingerprint(plans)}/${CLIP_PARTS}`;
  return {
    async get(path, augmentation = UNCHANGED) {
      const { speed, pitch, noiseSnrDb } = augmentation;
      const key = createHash('sha256')
        .update(`${code}/${await audioHash(path)}/${speed}/${pitch}/${noiseSnrDb ?? 'clean'}`)
        .digest();
      const place = join(folder, `${key.toString('hex').slice(0, 32)}.clips`);
      const bytes = await readCached(place);
      if (bytes && bytes.byteLength > 0 && bytes.byteLength % (2 * CLIP_SIZE) === 0) {
        const clips = new Uint16Array(bytes);
        return { clips, steps: clips.length / CLIP_SIZE };
      }
      const extracted = await extractStepClips(path, plans, augmentation, key.readUInt32BE(0));
      await writeCached(place, new Uint8Array(extracted.clips.buffer));
      return extracted;
    },
  };
}
