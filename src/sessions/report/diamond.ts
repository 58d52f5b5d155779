import { type Html, html } from './html.ts';

/** A point of a target: a diamond around (x, y), `size` from its middle to each corner. */
export const diamond = (x: number, y: number, size: number, name = ''): Html =>
  html`<path class="target-point ${name}" d="M${x.toFixed(1)} ${(y - size).toFixed(1)}l${size} ${size}l${-size} ${size}l${-size} ${-size}Z"/>`;
