import type { BaselineExample } from '../../../lab/baselines/examples.ts';
import { Random } from '../../../lab/train/random.ts';
import type { BaselineConfig } from '../../../src/model/kinds/baselines/systems.ts';
import { rowMaker } from '../../../src/model/kinds/baselines/systems.ts';
import { CLIP_BANDS, CLIP_FRAMES } from '../../../src/stream/clip-mel.ts';

const STEPS = 4;

/** Clips with a planted rule: the level of the upper bands sets valence, that of the lowest bands arousal. */
export function plantedExamples(
  config: BaselineConfig,
  count: number,
  seed = 1,
  steps = STEPS,
): BaselineExample[] {
  const random = new Random(seed);
  const { length, write } = rowMaker(config);
  return Array.from({ length: count }, (_, song) => {
    const [valence, arousal] = [random.between(-0.8, 0.8), random.between(-0.8, 0.8)];
    const clips = Array.from({ length: steps }, () => plantedClip(random, valence, arousal));
    const clip = {
      song: { id: `${song}`, artist: `Artist ${song}` },
      path: `${song}.wav`,
      file: `${song}.wav`,
      startMs: 0,
    };
    return {
      clip,
      steps,
      labels: Float32Array.from({ length: 2 * steps }, (_, i) => (i % 2 === 0 ? valence : arousal)),
      tags: new Float32Array(0),
      rowLength: length,
      writeRow: (step, out, at) => write(clips[step]!, out, at),
    };
  });
}

export function plantedClip(random: Random, valence: number, arousal: number): Float32Array {
  return Float32Array.from({ length: CLIP_FRAMES * CLIP_BANDS }, (_, i) => {
    const band = i % CLIP_BANDS;
    const level = band >= 96 ? valence : band < 32 ? arousal : 0;
    return Math.max(0, 2 + 1.5 * level + 0.3 * random.normal());
  });
}
