import { type Curve, partsOf } from './curve.ts';

/** Parts of the path that are transformed, and how many of the lowest coefficients of each axis are kept. */
const PARTS = 32;
const COEFFICIENTS = 8;

/**
 * The shape of a recording's path as 16 numbers: the lowest eight coefficients of the orthonormal DCT-II of each axis
 * (Ahmed, Natarajan & Rao 1974), over the music in 32 equal parts, divided by √32. So the Euclidean distance between
 * two embeddings is the root mean square distance of the two paths without their fast changes, with their lengths made
 * equal; numbers 0 and 8 are the means.
 *
 * @returns undefined without music
 */
export function pathEmbedding(curve: Curve): Float32Array | undefined {
  const parts = partsOf(curve, PARTS);
  if (parts.length === 0) return undefined;
  const embedding = new Float32Array(2 * COEFFICIENTS);
  for (const [a, axis] of (['valence', 'arousal'] as const).entries()) {
    for (let k = 0; k < COEFFICIENTS; k++) {
      const scale = Math.sqrt((k === 0 ? 1 : 2) / PARTS) / Math.sqrt(PARTS);
      let sum = 0;
      for (let i = 0; i < PARTS; i++) sum += parts[i]![axis] * Math.cos((Math.PI * k * (i + 0.5)) / PARTS);
      embedding[a * COEFFICIENTS + k] = scale * sum;
    }
  }
  return embedding;
}

export function embeddingDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
