import { STEP_SECONDS } from '../../../types.ts';
import { MATERIAL_HZ, type Material } from './material.ts';
import type { Scene } from './scene.ts';

/** Each recording as it is, from a fresh state, music from the first step on. */
export function plainMusic({ recordings }: Material): Scene[] {
  return recordings.map((recording) => {
    const steps = Math.floor(recording.length / (STEP_SECONDS * MATERIAL_HZ));
    const samples = Float32Array.from(
      recording.subarray(0, steps * STEP_SECONDS * MATERIAL_HZ),
      (x) => x / 32768,
    );
    return { samples, labels: Array.from({ length: steps }, () => 'music' as const) };
  });
}
