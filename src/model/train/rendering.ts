import { type Colour, type ColourOptions, randomColour } from './augment/colour.ts';
import { AS_RECORDED, type Playing } from './augment/speed-pitch.ts';
import { variantsOf } from './augment/variants.ts';
import type { Clip } from './dataset.ts';
import type { TrainOptions } from './options.ts';

/** A clip, and how it is to sound. */
export interface Rendering {
  readonly clip: Clip;
  readonly playing: Playing;
  /**
   * Draws a colour for a rendering that is made once; absent where it sounds as recorded. Where windows are
   * made anew in each epoch they are coloured then, and this is not asked for.
   */
  readonly colourOf?: (frames: number) => Colour;
}

export function asRecorded(clip: Clip): Rendering {
  return { clip, playing: AS_RECORDED };
}

export function alteredRenderings(clip: Clip, options: TrainOptions): Rendering[] {
  const colours: ColourOptions = options;
  return variantsOf(clip.file, options).map(({ playing, random }) => ({
    clip,
    playing,
    colourOf: (frames) => randomColour(random, colours, frames),
  }));
}
