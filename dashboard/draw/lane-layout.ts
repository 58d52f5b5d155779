import { AXES, type Axis } from '../../src/frame-fields.ts';

/** Top and bottom in pixels from the top of the plot. */
export interface Strip {
  readonly top: number;
  readonly bottom: number;
}

export interface LaneLayout extends Readonly<Record<Axis, Strip>> {
  /** Titles of tracks, above the lanes. */
  readonly titles: Strip;
  /** Moods and activities, below them. */
  readonly ribbon: Strip;
}

/** Places the lanes of a plot `height` pixels high; `rem` is the font size in the same pixels. */
export function laneLayout(height: number, rem: number): LaneLayout {
  const titles = { top: 0, bottom: 1.35 * rem };
  const ribbon = { top: height - 1.5 * rem, bottom: height };
  const room = ribbon.top - 0.5 * rem - titles.bottom;
  const gap = 0.6 * rem;
  const lane = Math.max(1, (room - gap) / AXES.length);
  const valence = { top: titles.bottom, bottom: titles.bottom + lane };
  return {
    titles,
    ribbon,
    valence,
    arousal: { top: valence.bottom + gap, bottom: valence.bottom + gap + lane },
  };
}

/** Range of a scale over the whole plot that maps ± `limit` onto the lane: [bottom of the plot, its top]. */
export function laneScale({ top, bottom }: Strip, height: number, limit: number): [min: number, max: number] {
  const perPixel = (2 * limit) / (bottom - top);
  return [-limit - (height - bottom) * perPixel, limit + top * perPixel];
}
