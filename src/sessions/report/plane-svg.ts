import type { TargetPoint } from '../../target-path.ts';
import type { Bin } from './bins.ts';
import { diamond } from './diamond.ts';
import { type Html, html } from './html.ts';
import type { ReportLanguage } from './languages/report-language.ts';
import type { ReportData } from './report-data.ts';

const SIZE = 400;
const INSET = 22;
const x = (valence: number): number => SIZE / 2 + valence * (SIZE / 2 - INSET);
const y = (arousal: number): number => SIZE / 2 - arousal * (SIZE / 2 - INSET);
const f = (value: number): string => value.toFixed(1);
/** Points of the path: more would cover each other. */
const POINTS = 100;

/** The path over the circumplex plane, light at the start and dark at the end, with the markers on it. */
export function planeSvg(
  { bins, markers, span, session }: ReportData,
  { texts, mood }: ReportLanguage,
): Html {
  const points = thinned(bins);
  const seconds = (span.toMs - span.fromMs) / 1000;
  return html`<svg class="plane" viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="${texts.plane}">
<rect class="plane-edge" x="${INSET}" y="${INSET}" width="${SIZE - 2 * INSET}" height="${SIZE - 2 * INSET}"/>
<circle class="plane-circle" cx="${SIZE / 2}" cy="${SIZE / 2}" r="${SIZE / 2 - INSET}"/>
<path class="plane-axis" d="M${INSET} ${SIZE / 2}H${SIZE - INSET}M${SIZE / 2} ${INSET}V${SIZE - INSET}"/>
<text class="plane-word" x="${INSET + 8}" y="${INSET + 19}">${mood('tense')}</text>
<text class="plane-word" x="${SIZE - INSET - 8}" y="${INSET + 19}" text-anchor="end">${mood('excited')}</text>
<text class="plane-word" x="${INSET + 8}" y="${SIZE - INSET - 9}">${mood('sad')}</text>
<text class="plane-word" x="${SIZE - INSET - 8}" y="${SIZE - INSET - 9}" text-anchor="end">${mood('calm')}</text>
<text class="plane-name" x="${SIZE - INSET}" y="${SIZE / 2 - 6}" text-anchor="end">${texts.valence}</text>
<text class="plane-name" x="${SIZE / 2 + 7}" y="${INSET + 13}">${texts.arousal}</text>
${targetPath(session.target ?? [])}
${segments(points)}
${ends(points)}
${markers.map(({ at }, i) => markerDot(points, seconds > 0 ? at / seconds : 0, i + 1))}
</svg>`;
}

interface Point {
  readonly at: number;
  readonly valence: number;
  readonly arousal: number;
  /** Whether there was music since the previous point. */
  readonly joined: boolean;
}

/** Means over neighboring bins. */
function thinned(bins: readonly Bin[]): Point[] {
  const each = Math.max(1, Math.ceil(bins.length / POINTS));
  const points: Point[] = [];
  let joined = false;
  for (let i = 0; i < bins.length; i += each) {
    const group = bins.slice(i, i + each).filter(({ valence }) => valence !== null);
    if (group.length === 0) {
      joined = false;
      continue;
    }
    const mean = (of: (bin: Bin) => number) => group.reduce((sum, bin) => sum + of(bin), 0) / group.length;
    points.push({
      at: mean((bin) => bin.at),
      valence: mean((bin) => bin.valence!),
      arousal: mean((bin) => bin.arousal!),
      joined,
    });
    joined = true;
  }
  return points;
}

/** From light to dark green. The lightness alone shows the order, so it works in black and white. */
export function timeColor(share: number): string {
  const at = Math.max(0, Math.min(1, share));
  const mix = (from: number, to: number) => Math.round(from + (to - from) * at);
  return `rgb(${mix(140, 0)},${mix(212, 42)},${mix(198, 51)})`;
}

function segments(points: readonly Point[]): Html[] {
  return points.slice(1).flatMap((to, i) => {
    const from = points[i]!;
    if (!to.joined) return [];
    const d = `M${f(x(from.valence))} ${f(y(from.arousal))}L${f(x(to.valence))} ${f(y(to.arousal))}`;
    return [html`<path class="path" stroke="${timeColor((from.at + to.at) / 2)}" d="${d}"/>`];
  });
}

function ends(points: readonly Point[]): Html[] {
  return [points[0], points.at(-1)].flatMap((point) =>
    point
      ? [
          html`<circle class="path-end" cx="${f(x(point.valence))}" cy="${f(y(point.arousal))}" r="5" fill="${timeColor(point.at)}"/>`,
        ]
      : [],
  );
}

/** The target path, dotted, with a diamond at each of its points; the goal is larger. */
function targetPath(target: readonly TargetPoint[]): Html | null {
  if (target.length === 0) return null;
  const d = target.map(({ valence, arousal }) => `${f(x(valence))} ${f(y(arousal))}`).join('L');
  return html`<path class="target" d="M${d}"/>${target.map(({ valence, arousal }, i) =>
    diamond(x(valence), y(arousal), i === target.length - 1 ? 8 : 5),
  )}`;
}

/** A marker at the point nearest to its time; null if there was no music around that time. */
function markerDot(points: readonly Point[], share: number, number: number): Html | null {
  const near = points.reduce<Point | null>(
    (best, point) => (best === null || Math.abs(point.at - share) < Math.abs(best.at - share) ? point : best),
    null,
  );
  if (near === null || Math.abs(near.at - share) > 2 / POINTS) return null;
  const [cx, cy] = [x(near.valence), y(near.arousal)];
  return html`<circle class="plane-marker" cx="${f(cx)}" cy="${f(cy)}" r="9"/><text class="flag-number" x="${f(cx)}" y="${f(cy + 4.5)}" text-anchor="middle">${number}</text>`;
}
