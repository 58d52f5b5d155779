import { escapeXml } from '../../src/util/xml-entities.ts';
import type { Axis } from './axis.ts';
import { type Chart, COLORS, px } from './svg.ts';

interface FrameOptions {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Series in the order of their colors. Those with an empty name are not in the legend. */
  readonly names: readonly { readonly name: string; readonly dashed?: boolean; readonly color?: number }[];
  readonly width?: number;
  readonly height?: number;
}

/** Maps data values to pixels. */
export interface Place {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Width of the y label and the gaps beside the tick texts, in pixels. */
const LABEL = 32;
const RIGHT = 12;
const TOP = 28;
const BOTTOM = 40;
const LEGEND_LINE = 18;
const CHARACTER = 7;

/** Draws title, axes with ticks and grid, and legend around the content of `draw`. */
export function framed(options: FrameOptions, draw: (place: Place) => string): Chart {
  const { title, x, y, width = 440, height = 300 } = options;
  const left = LABEL + Math.max(2, ...y.ticks.map(({ text }) => text.length)) * CHARACTER;
  const named = options.names.filter(({ name }) => name !== '');
  const { legend, lines } = legendOf(named, left, width);
  const top = TOP + lines * LEGEND_LINE;
  const [right, bottom] = [width - RIGHT, height - BOTTOM];
  const place: Place = {
    x: (value) => left + x.place(value) * (right - left),
    y: (value) => bottom - y.place(value) * (bottom - top),
  };
  const middle = (top + bottom) / 2;
  const body = [
    `<text class="title" x="${left}" y="16">${escapeXml(title)}</text>`,
    legend,
    ...x.ticks.map(({ value, text }) => {
      const at = px(place.x(value));
      return `<path class="grid" d="M${at} ${top}V${bottom}"/><text x="${at}" y="${bottom + 16}" text-anchor="middle">${text}</text>`;
    }),
    ...y.ticks.map(({ value, text }) => {
      const at = px(place.y(value));
      return `<path class="grid" d="M${left} ${at}H${right}"/><text x="${left - 6}" y="${at}" dy=".35em" text-anchor="end">${text}</text>`;
    }),
    draw(place),
    `<path class="axis" fill="none" d="M${left} ${top}V${bottom}H${right}"/>`,
    `<text x="${px((left + right) / 2)}" y="${height - 6}" text-anchor="middle">${escapeXml(x.label)}</text>`,
    `<text transform="translate(12 ${px(middle)}) rotate(-90)" text-anchor="middle">${escapeXml(y.label)}</text>`,
  ];
  return { width, height, body: body.join('\n') };
}

/** Approximate width of text in pixels. */
export function widthOf(text: string): number {
  return text.length * CHARACTER;
}

export function colorOf(index: number): string {
  return `var(--c${index % COLORS})`;
}

function legendOf(
  names: FrameOptions['names'],
  left: number,
  width: number,
): { legend: string; lines: number } {
  let at = left;
  let line = 0;
  const parts = names.map(({ name, dashed, color }, i) => {
    const needed = 30 + widthOf(name);
    if (at + needed > width && at > left) {
      at = left;
      line++;
    }
    const y = TOP + line * LEGEND_LINE + 4;
    const part = `<path class="line${dashed ? ' dashed' : ''}" stroke="${colorOf(color ?? i)}" d="M${px(at)} ${y - 4}h18"/><text class="name" x="${px(at + 23)}" y="${y}">${escapeXml(name)}</text>`;
    at += needed + 6;
    return part;
  });
  return { legend: parts.join('\n'), lines: names.length > 0 ? line + 1 : 0 };
}
