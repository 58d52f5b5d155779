import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { AS_RECORDED } from '../augment/speed-pitch.ts';
import { type ClipRendering, hearStepClips } from '../features/step-clips.ts';
import { CLIP_PARTS, CLIP_SIZE, type StoredClips } from '../features/stored.ts';
import { readCached, writeCached } from './cache-file.ts';
import { audioHash, clipFingerprint } from './fingerprint.ts';

export interface ClipCache {
  /** The half-second clips of a recording, from the cache where it was heard before. */
  get(path: string, rendering?: ClipRendering): Promise<StoredClips>;
}

/** Clips lie in the folder as they do in memory: 11,264 bytes a step. */
export function createClipCache(plans: FftPlans, folder: string): ClipCache {
  const code = `${clipFingerprint(plans)}/${CLIP_PARTS}`;
  return {
    async get(path, rendering = AS_RECORDED) {
      const { speed, pitch, noiseSnrDb } = rendering;
      const key = createHash('sha256')
        .update(`${code}/${await audioHash(path)}/${speed}/${pitch}/${noiseSnrDb ?? 'clean'}`)
        .digest();
      const place = join(folder, `${key.toString('hex').slice(0, 32)}.clips`);
      const bytes = await readCached(place);
      if (bytes && bytes.byteLength > 0 && bytes.byteLength % (2 * CLIP_SIZE) === 0) {
        const clips = new Uint16Array(bytes);
        return { clips, steps: clips.length / CLIP_SIZE };
      }
      const heard = await hearStepClips(path, plans, rendering, key.readUInt32BE(0));
      await writeCached(place, new Uint8Array(heard.clips.buffer));
      return heard;
    },
  };
}
