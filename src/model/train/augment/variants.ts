import { createHash } from 'node:crypto';
import { Random } from '../random.ts';
import { AS_RECORDED, type Playing } from './speed-pitch.ts';

export interface VariantOptions {
  /**
   * How many altered renderings of each clip are heard and kept in the cache, besides the clip as it was
   * recorded; each piece of an epoch is taken from one of them. Memory and cache grow with it.
   */
  readonly soundVariants: number;
  /** Largest change of tempo in a rendering, in percent, pitch unchanged. */
  readonly speedPercent: number;
  /** Largest change of pitch in a rendering, in cents (100 are a semitone), tempo unchanged. */
  readonly pitchCents: number;
}

/** One altered rendering: how it is played, and a source of what else is drawn for it. */
export interface Variant {
  readonly playing: Playing;
  readonly random: Random;
}

/**
 * The same renderings of a clip in every training, whatever its seed, so that the cache has them.
 *
 * @param clip names the clip
 */
export function variantsOf(
  clip: string,
  { soundVariants, speedPercent, pitchCents }: VariantOptions,
): Variant[] {
  return Array.from({ length: soundVariants }, (_, i) => {
    const hash = createHash('sha256').update(`variant/${clip}/${i}`).digest();
    const random = new Random(hash.readUInt32BE(0));
    // In steps of a thousandth and of 5 cents: finer differences nobody hears.
    const speed = 1 + Math.round(10 * random.between(-speedPercent, speedPercent)) / 1000;
    const cents = 5 * Math.round(random.between(-pitchCents, pitchCents) / 5);
    return {
      playing: cents === 0 && speed === 1 ? AS_RECORDED : { speed, pitch: 2 ** (cents / 1200) },
      random,
    };
  });
}
