import { escapeXml } from '../../util/xml-entities.ts';
import type { Arc } from '../next/arc.ts';
import { minutes } from '../text.ts';
import { trackName } from '../track-summary.ts';
import type { SetTrack } from './order-set.ts';

const WIDTH = 960;
const PANEL = 150;
const LEFT = 60;
const TOP = 50;
const GAP = 30;
const AXES = [
  { name: 'valence', color: '#0072b2' },
  { name: 'arousal', color: '#d55e00' },
] as const;

/** A set as an SVG picture: for each axis the wished arc (dashed) and the paths of the tracks, with their names below. */
export function setPicture(set: readonly SetTrack[], arc: Arc, title: string): string {
  const last = set.at(-1)!;
  const length = last.start + last.track.seconds;
  const x = (seconds: number) => round(LEFT + ((WIDTH - LEFT - 20) * seconds) / length);
  const panels = AXES.map(({ name, color }, panel) => {
    const top = TOP + panel * (PANEL + GAP);
    const y = (value: number) => round(top + (PANEL * (1 - value)) / 2);
    const wish = Array.from(
      { length: 101 },
      (_, i) => `${x((length * i) / 100)},${y(arc((length * i) / 100)[name])}`,
    );
    const paths = set.map(({ track, start }) => {
      const points = Array.from(track.curve[name].entries()).flatMap(([i, value]) =>
        Number.isNaN(value) || i % 4 !== 0 ? [] : `${x(start + 0.5 * (i + 1))},${y(value)}`,
      );
      return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="1.5"/>`;
    });
    const lines = [-1, 0, 1].map(
      (value) =>
        `<line x1="${LEFT}" x2="${WIDTH - 20}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/><text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
    );
    const starts = set.map(
      ({ start }) =>
        `<line x1="${x(start)}" x2="${x(start)}" y1="${top}" y2="${top + PANEL}" stroke="#bbb"/>`,
    );
    return [
      ...lines,
      ...starts,
      `<polyline points="${wish.join(' ')}" fill="none" stroke="#555" stroke-dasharray="6 4"/>`,
      ...paths,
      `<text x="${LEFT}" y="${top - 6}" fill="${color}">${name}</text>`,
    ].join('\n');
  });
  const list = TOP + 2 * (PANEL + GAP) + 10;
  const names = set.map(
    ({ track, start }, i) =>
      `<text x="${LEFT}" y="${list + 18 * i}">${i + 1}. ${minutes(start)} ${escapeXml(trackName(track))}</text>`,
  );
  const height = list + 18 * set.length + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="${LEFT}" y="22" font-size="16">${escapeXml(title)}</text>
${panels.join('\n')}
${names.join('\n')}
</svg>
`;
}

const round = (value: number) => Math.round(value * 10) / 10;
