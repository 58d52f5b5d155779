import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { sanitise } from '../../../src/stream/mono.ts';
import { readCached, writeCached } from '../../train/cache/cache-file.ts';
import { audioHash } from '../../train/cache/fingerprint.ts';
import { decodeMono } from '../../train/features/recording.ts';
import { Random } from '../../train/random.ts';
import { STEP_FEATURES, stepFeatures } from './step-features.ts';

export interface FeatureCache {
  /**
   * [steps, STEP_FEATURES.length] of a recording, from the cache where it was heard before.
   *
   * @throws UserError `bad-audio`, `bad-format`, `bad-data` or `missing-package`
   */
  get(path: string): Promise<Float32Array>;
}

/** As with mel frames, what is kept is found by what it was made of: the audio, and what this code makes of a noise. */
export function openFeatureCache(plans: FftPlans, folder: string): FeatureCache {
  const code = fingerprint(plans);
  return {
    async get(path) {
      const key = createHash('sha256')
        .update(`${code}/${await audioHash(path)}`)
        .digest('hex');
      const place = join(folder, `${key.slice(0, 32)}.features`);
      const kept = await readCached(place);
      if (kept && kept.byteLength > 0) return new Float32Array(kept);
      const { mono, sampleRateHz } = await decodeMono(path);
      const features = stepFeatures(sanitise(mono).samples, sampleRateHz, plans);
      if (features.length > 0) await writeCached(place, new Uint8Array(features.buffer));
      return features;
    },
  };
}

/** Of one second of noise that swells. */
function fingerprint(plans: FftPlans): string {
  const random = new Random(1);
  const noise = Float32Array.from({ length: 44_100 }, (_, i) => (i / 44_100) * random.between(-1, 1));
  const features = stepFeatures(noise, 44_100, plans);
  return createHash('sha256')
    .update(STEP_FEATURES.join())
    .update(new Uint8Array(features.buffer))
    .digest('hex');
}
