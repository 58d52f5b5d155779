import type { Clip } from '../../datasets/dataset.ts';
import type { TrainOptions } from '../options.ts';
import { type Passage, passagesTo } from './passage.ts';
import { type Colour, type ColourOptions, randomColour } from './spectral.ts';
import { AS_RECORDED, type Playing, variantsOf } from './speed-pitch.ts';

/** A clip, and how it is to sound. */
export interface Rendering {
  readonly clip: Clip;
  readonly playing: Playing;
  /**
   * Draws a colour for a rendering that is made once; absent where it sounds as recorded. Where windows are
   * made anew in each epoch they are coloured then, and this is not asked for.
   */
  readonly colourOf?: (frames: number) => Colour;
  /** What it comes after; absent where it is heard by itself. */
  readonly passage?: Passage;
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

/** @param clips those that it may come after: nothing else is learned from */
export function passageRenderings(
  clip: Clip,
  clips: readonly Clip[],
  talks: readonly string[],
  options: TrainOptions,
): Rendering[] {
  return passagesTo(clip, clips, talks, options).map((passage) => ({ ...asRecorded(clip), passage }));
}
