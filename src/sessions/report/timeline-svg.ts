import { type TargetPoint, targetAt } from '../../target-path.ts';
import { AXES, type Axis, Z90 } from '../../types.ts';
import type { Bin } from './bins.ts';
import { diamond } from './diamond.ts';
import { elapsed, timeTicks } from './format.ts';
import { type Html, html } from './html.ts';
import type { ReportLanguage } from './languages/report-language.ts';
import type { ReportData } from './report-data.ts';

const WIDTH = 1000;
const HEIGHT = 330;
const LEFT = 44;
const RIGHT = 8;
/** Rows above the plot for the markers' numbers; markers close to each other get different rows. */
const ROWS = 3;
const ROW_HEIGHT = 21;
const TOP = ROWS * ROW_HEIGHT + 4;
const BOTTOM = 26;
const LEVELS = [1, 0.5, 0, -0.5, -1];

const x = (share: number): number => LEFT + share * (WIDTH - LEFT - RIGHT);
const y = (level: number): number => TOP + ((1 - level) / 2) * (HEIGHT - TOP - BOTTOM);
const f = (value: number): string => value.toFixed(1);

/** Valence and arousal over the session, with their 90 % intervals, the markers, and the times without music. */
export function timelineSvg(
  { bins, span, markers, session }: ReportData,
  { texts, plain }: ReportLanguage,
): Html {
  const seconds = (span.toMs - span.fromMs) / 1000;
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${texts.timeline}">
${timesWithoutMusic(bins)}
${LEVELS.map(
  (level) =>
    html`<line class="${level === 0 ? 'zero' : 'grid'}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${f(y(level))}" y2="${f(y(level))}"/><text class="tick" x="${LEFT - 8}" y="${f(y(level) + 4)}" text-anchor="end">${levelText(level, plain)}</text>`,
)}
${timeTicks(seconds, 11).map((at) => {
  const share = seconds > 0 ? at / seconds : 0;
  return html`<line class="grid" x1="${f(x(share))}" x2="${f(x(share))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/><text class="tick" x="${f(x(share))}" y="${HEIGHT - 7}" text-anchor="${at === 0 ? 'start' : share > 0.97 ? 'end' : 'middle'}">${elapsed(at)}</text>`;
})}
${band(bins, 'valence')}${band(bins, 'arousal')}
${AXES.map((axis) => targetLine(session.target ?? [], seconds, axis))}
<path class="line valence" d="${path(bins, 'valence')}"/><path class="line arousal" d="${path(bins, 'arousal')}"/>
${flags(markers.map(({ at }) => (seconds > 0 ? at / seconds : 0)))}
</svg>`;
}

function levelText(level: number, plain: ReportLanguage['plain']): string {
  if (level === 0) return '0';
  return `${level > 0 ? '+' : '−'}${plain(Math.abs(level), level % 1 === 0 ? 0 : 1)}`;
}

/** Groups of consecutive bins for which `is` is true; `from` and `to` are shares of the session. */
function groups(
  bins: readonly Bin[],
  is: (bin: Bin) => boolean,
): { from: number; to: number; bins: Bin[] }[] {
  const half = 0.5 / bins.length;
  const found: { from: number; to: number; bins: Bin[] }[] = [];
  let open: (typeof found)[number] | undefined;
  for (const bin of bins) {
    if (!is(bin)) open = undefined;
    else if (open) {
      open.to = bin.at + half;
      open.bins.push(bin);
    } else {
      open = { from: bin.at - half, to: bin.at + half, bins: [bin] };
      found.push(open);
    }
  }
  return found;
}

function timesWithoutMusic(bins: readonly Bin[]): Html[] {
  const shade = (name: string, is: (bin: Bin) => boolean) =>
    groups(bins, is).map(
      ({ from, to }) =>
        html`<rect class="${name}" x="${f(x(from))}" y="${TOP}" width="${f(x(to) - x(from))}" height="${HEIGHT - TOP - BOTTOM}"/>`,
    );
  return [
    ...shade('silence', ({ activity }) => activity === 'silence'),
    ...shade('speech', ({ activity }) => activity === 'speech'),
    ...shade('no-audio', ({ activity }) => activity === undefined),
  ];
}

function path(bins: readonly Bin[], axis: Axis): string {
  return groups(bins, (bin) => bin[axis] !== null)
    .map(({ from, to, bins: group }) => {
      const points = group.map((bin) => `${f(x(bin.at))} ${f(y(bin[axis]!))}`);
      // A single bin would be a line of no length.
      return group.length > 1
        ? `M${points.join('L')}`
        : `M${f(x(from))} ${f(y(group[0]![axis]!))}H${f(x(to))}`;
    })
    .join('');
}

/** The 90 % interval as an area. */
function band(bins: readonly Bin[], axis: Axis): Html {
  const sd = `${axis}Sd` as const;
  const clamp = (level: number) => Math.max(-1, Math.min(1, level));
  const d = groups(bins, (bin) => bin[axis] !== null && bin[sd] !== null)
    .map(({ bins: group }) => {
      const edge = (bin: Bin, sign: 1 | -1) =>
        `${f(x(bin.at))} ${f(y(clamp(bin[axis]! + sign * Z90 * bin[sd]!)))}`;
      return `M${group.map((bin) => edge(bin, 1)).join('L')}L${group
        .toReversed()
        .map((bin) => edge(bin, -1))
        .join('L')}Z`;
    })
    .join('');
  return html`<path class="band ${axis}" d="${d}"/>`;
}

/** The target of one axis, dotted, with a diamond at each of its points. */
function targetLine(target: readonly TargetPoint[], seconds: number, axis: Axis): Html | null {
  const start = target[0];
  if (start === undefined || start.t >= seconds) return null;
  const points = target.filter(({ t }) => t <= seconds);
  const at = (t: number, level: number) => `${f(x(t / seconds))} ${f(y(level))}`;
  const end = targetAt(target, seconds)!;
  const d = [...points.map((point) => at(point.t, point[axis])), at(seconds, end[axis])].join('L');
  return html`<path class="target ${axis}" d="M${d}"/>${points.map((point) => diamond(x(point.t / seconds), y(point[axis]), 4.5, axis))}`;
}

/** A numbered flag for each marker, in the first row where it overlaps no other. */
function flags(shares: readonly number[]): Html[] {
  const free = new Array<number>(ROWS).fill(Number.NEGATIVE_INFINITY);
  return shares.map((share, i) => {
    const at = x(Math.max(0, Math.min(1, share)));
    const label = String(i + 1);
    const half = 8 + 4 * (label.length - 1);
    const row = free.findIndex((until) => at - half > until + 2);
    const line = html`<line class="flag" x1="${f(at)}" x2="${f(at)}" y1="${row < 0 ? TOP : f(TOP - (row + 1) * ROW_HEIGHT + 17)}" y2="${HEIGHT - BOTTOM}"/>`;
    if (row < 0) return line; // All rows are taken here; the table has the marker's time.
    free[row] = at + half;
    const middle = TOP - (row + 1) * ROW_HEIGHT + 8;
    return html`${line}<rect class="flag-ground" x="${f(at - half)}" y="${f(middle - 9)}" width="${2 * half}" height="18" rx="9"/><text class="flag-number" x="${f(at)}" y="${f(middle + 4.5)}" text-anchor="middle">${label}</text>`;
  });
}
