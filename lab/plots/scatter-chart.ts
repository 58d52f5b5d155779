import { escapeXml } from '../../src/util/xml-entities.ts';
import { type AxisOptions, layOut } from './axis.ts';
import { colorOf, framed, widthOf } from './frame.ts';
import { type Chart, px } from './svg.ts';

interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  /** Label next to the point. */
  readonly text?: string;
}

interface ScatterGroup {
  readonly name: string;
  readonly points: readonly ScatterPoint[];
}

interface ScatterChartOptions {
  readonly title: string;
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  readonly groups: readonly ScatterGroup[];
  /** Draw the line x = y. */
  readonly diagonal?: boolean;
  readonly width?: number;
  readonly height?: number;
}

const LINE_HEIGHT = 14;
/** With more points than this, dots are small and translucent. */
const MANY = 300;
/** With more points than this, all dots are one path, a tenth of the file size. */
const VERY_MANY = 1000;

/** A scatter chart, for predictions against labels and accuracy against cost. */
export function scatterChart(options: ScatterChartOptions): Chart {
  const { groups, diagonal, width = 440, height = 440 } = options;
  const all = groups.flatMap(({ points }) => points);
  const x = layOut(
    options.x,
    all.map((p) => p.x),
  );
  const y = layOut(
    options.y,
    all.map((p) => p.y),
  );
  const [radius, opacity] = all.length > MANY ? [1.6, 0.35] : [4, 0.9];
  return framed({ ...options, width, height, x, y, names: groups }, (place) => {
    const dots = groups.flatMap(({ points }, g) => {
      const at = points.map((p) => ({ x: place.x(p.x), y: place.y(p.y) }));
      if (points.length > VERY_MANY) {
        const path = at.map((p) => `M${p.x.toFixed(1)} ${p.y.toFixed(1)}h0`).join('');
        return [
          `<path fill="none" stroke="${colorOf(g)}" stroke-opacity="${2 * opacity}" stroke-width="${2 * radius}" stroke-linecap="round" d="${path}"/>`,
        ];
      }
      return at.map(
        (p) =>
          `<circle cx="${px(p.x)}" cy="${px(p.y)}" r="${radius}" fill="${colorOf(g)}" fill-opacity="${opacity}"/>`,
      );
    });
    const low = Math.max(x.ticks[0]!.value, y.ticks[0]!.value);
    const high = Math.min(x.ticks.at(-1)!.value, y.ticks.at(-1)!.value);
    const guide = diagonal
      ? `<path class="guide" d="M${px(place.x(low))} ${px(place.y(low))}L${px(place.x(high))} ${px(place.y(high))}"/>`
      : '';
    const texts = all.flatMap((p) => (p.text ? [{ text: p.text, x: place.x(p.x), y: place.y(p.y) }] : []));
    return [guide, ...dots, ...placeTexts(texts, width)].join('\n');
  });
}

interface Text {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Places texts to the right of their points, or to the left at the edge, and moves them down until they do not overlap. */
function placeTexts(texts: readonly Text[], width: number): string[] {
  const taken: { left: number; right: number; y: number }[] = [];
  return [...texts]
    .sort((a, b) => a.y - b.y)
    .map(({ text, x, y }) => {
      const length = widthOf(text);
      const toLeft = x + 8 + length > width;
      const left = toLeft ? x - 8 - length : x + 8;
      let at = y;
      while (taken.some((t) => t.left < left + length && left < t.right && Math.abs(t.y - at) < LINE_HEIGHT))
        at += 2;
      taken.push({ left, right: left + length, y: at });
      return `<text class="name halo" x="${px(toLeft ? x - 8 : x + 8)}" y="${px(at)}" dy=".35em" text-anchor="${toLeft ? 'end' : 'start'}">${escapeXml(text)}</text>`;
    });
}
