import { escapeXml } from '../../src/util/xml-entities.ts';

/** A drawing and its size in CSS pixels. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  /** SVG elements with the origin at the top left. */
  readonly body: string;
}

/** Colors of series: eight that remain distinct with color blindness (after Okabe & Ito 2008), for light and dark backgrounds. */
const LIGHT = ['#0072b2', '#d55e00', '#009e73', '#b5499a', '#8a6d00', '#3a9bd1', '#c0392b', '#555555'];
const DARK = ['#56b4e9', '#ff9a4d', '#2fd0a0', '#e79ccb', '#f0e442', '#8ecbff', '#ff8a80', '#bbbbbb'];
export const COLORS: number = LIGHT.length;

const GAP = 16;

/**
 * Arranges charts in a grid in one SVG document, which follows the color scheme of the reader's system.
 *
 * @param title for screen readers
 */
export function svgDocument(charts: readonly Chart[], columns = 1, title?: string): string {
  const columnWidths = Array.from({ length: columns }, (_, c) =>
    Math.max(0, ...charts.filter((_, i) => i % columns === c).map(({ width }) => width)),
  );
  let y = GAP;
  const parts: string[] = [];
  for (let row = 0; row < charts.length; row += columns) {
    const ofRow = charts.slice(row, row + columns);
    let x = GAP;
    for (const [c, { body }] of ofRow.entries()) {
      parts.push(`<g transform="translate(${x} ${y})">${body}</g>`);
      x += columnWidths[c]! + GAP;
    }
    y += Math.max(...ofRow.map(({ height }) => height)) + GAP;
  }
  const width = columnWidths.reduce((sum, w) => sum + w + GAP, GAP);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img">${title ? `\n<title>${escapeXml(title)}</title>` : ''}
<style>${STYLE}</style>
<rect class="ground" width="100%" height="100%"/>
${parts.join('\n')}
</svg>
`;
}

const colors = (all: readonly string[]) => all.map((color, i) => `--c${i}:${color}`).join(';');
const STYLE = `
svg{--ground:#fff;--ink:#222;--faint:#666;--grid:#e4e4e4;${colors(LIGHT)}}
@media (prefers-color-scheme:dark){svg{--ground:#16181d;--ink:#e8e8e8;--faint:#a3a8b0;--grid:#30343c;${colors(DARK)}}}
.ground{fill:var(--ground)}
text{font:12px system-ui,sans-serif;fill:var(--faint)}
.title{font-weight:600;font-size:14px;fill:var(--ink)}
.name{fill:var(--ink)}
.halo{paint-order:stroke;stroke:var(--ground);stroke-width:3px}
.grid{stroke:var(--grid);stroke-width:1}
.axis{stroke:var(--faint);stroke-width:1}
.guide{stroke:var(--faint);stroke-width:1;stroke-dasharray:2 4;fill:none}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round}
.dashed{stroke-dasharray:5 4}
`;

/** Rounds to two decimals, which keeps files small and equal on every machine. */
export function px(x: number): string {
  return String(Math.round(x * 100) / 100);
}
