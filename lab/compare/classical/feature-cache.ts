import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { sanitize } from '../../../src/stream/mono.ts';
import { readCached, writeCached } from '../../train/cache/cache-file.ts';
import { audioHash } from '../../train/cache/fingerprint.ts';
import { decodeMono } from '../../train/features/recording.ts';
import { Random } from '../../train/random.ts';
import { STEP_FEATURES, stepFeatures } from './step-features.ts';

interface FeatureCache {
  /**
   * Features of a recording, [steps, STEP_FEATURES.length]: cached, or extracted and added to the cache.
   *
   * @throws UserError `bad-audio`, `bad-format`, `bad-data` or `missing-package`
   */
  get(path: string): Promise<Float32Array>;
}

/** Opens a cache with entries keyed by a hash of the audio and a fingerprint of the extraction code. */
export function openFeatureCache(plans: FftPlans, folder: string): FeatureCache {
  const code = fingerprint(plans);
  return {
    async get(path) {
      const key = createHash('sha256')
        .update(`${code}/${await audioHash(path)}`)
        .digest('hex');
      const file = join(folder, `${key.slice(0, 32)}.features`);
      const cached = await readCached(file);
      if (cached && cached.byteLength > 0) return new Float32Array(cached);
      const { mono, sampleRateHz } = await decodeMono(path);
      const features = stepFeatures(sanitize(mono).samples, sampleRateHz, plans);
      if (features.length > 0) await writeCached(file, new Uint8Array(features.buffer));
      return features;
    },
  };
}

/** Fingerprint of the extraction code: hash of the features of one second of noise with rising level. */
function fingerprint(plans: FftPlans): string {
  const random = new Random(1);
  const noise = Float32Array.from({ length: 44_100 }, (_, i) => (i / 44_100) * random.between(-1, 1));
  const features = stepFeatures(noise, 44_100, plans);
  return createHash('sha256')
    .update(STEP_FEATURES.join())
    .update(new Uint8Array(features.buffer))
    .digest('hex');
}
