import { MOODS, type MoodRegion, moodOf, NEUTRAL_RADIUS } from '../../src/mood.ts';

/**
 * The regions of the mood words on the plane of valence and arousal, as SVG.
 *
 * The borders are found by calling `moodOf`, so the picture follows its constants. test/docs/mood-picture.test.ts
 * fails if docs/img/mood.svg differs.
 */
export function moodPicture(): string {
  const words = MOODS.slice(0, 8) as MoodRegion[];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1.22 -1.22 2.44 2.44" role="img" aria-labelledby="mood-title">
<title id="mood-title">Regions of the mood words: ${words.join(', ')}, neutral</title>
<style>
svg { background: #fff; font: 600 0.085px system-ui, sans-serif; }
text { fill: #1a1b1f; text-anchor: middle; dominant-baseline: central; }
.axis { fill: #595c64; font-weight: 400; font-size: 0.065px; }
.line { stroke: #b9b6ae; stroke-width: 0.006; fill: none; }
${words.map((mood, i) => `.${mood} { fill: hsl(${HUES[i]}, 65%, 50%); fill-opacity: 0.2; }`).join('\n')}
.neutral { fill: #fff; }
@media (prefers-color-scheme: dark) {
  svg { background: #16191f; }
  text { fill: #eef0f4; }
  .axis { fill: #a3aab6; }
  .line { stroke: #464d5a; }
  .neutral { fill: #16191f; }
}
</style>
<clipPath id="plane"><rect x="-1" y="-1" width="2" height="2"/></clipPath>
<g clip-path="url(#plane)">
${words.map(sector).join('\n')}
<circle class="neutral" r="${number(neutralUntil())}"/>
<circle class="line" r="${number(neutralUntil())}"/>
</g>
<path class="line" d="M-1-1h2v2h-2zM-1 0h${number(1 - NEUTRAL_RADIUS)}M1 0h${number(NEUTRAL_RADIUS - 1)}M0-1v${number(1 - NEUTRAL_RADIUS)}M0 1v${number(NEUTRAL_RADIUS - 1)}"/>
${words.map(label).join('\n')}
<text style="font-size:0.055px">neutral</text>
<text class="axis" x="0" y="1.1">valence: −1 unpleasant … +1 pleasant</text>
<text class="axis" transform="translate(-1.1 0) rotate(-90)">arousal: −1 quiet … +1 roused</text>
</svg>
`;
}

/** A hue for each direction: warm where roused and pleasant, red where tense, blue where sad, green where calm. */
const HUES = [60, 38, 18, 350, 280, 228, 195, 150];
/** Beyond the corners of the plane. */
const FAR = 1.6;

function sector(mood: MoodRegion): string {
  return `<path class="${mood}" d="${wedge(...span(mood))}"/>`;
}

function label(mood: MoodRegion): string {
  const [from, to] = span(mood);
  const [x, y] = at((from + to) / 2, 0.72);
  return `<text x="${x}" y="${y}">${mood}</text>`;
}

/** The angles between which `moodOf` returns the word, in degrees from pleasure to arousal. */
function span(mood: MoodRegion): [number, number] {
  const isMood = (degrees: number) =>
    moodOf(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)) === mood;
  const middle = Array.from({ length: 8 }, (_, i) => 45 * i).find(isMood)!;
  return [
    middle - reach((away) => isMood(middle - away), 180),
    middle + reach((away) => isMood(middle + away), 180),
  ];
}

function neutralUntil(): number {
  return reach((radius) => moodOf(radius, 0) === 'neutral', 1);
}

/** The largest number up to `limit` for which `holds` is true, by bisection to 1e-4. */
function reach(holds: (x: number) => boolean, limit: number): number {
  let [yes, no] = [0, limit];
  while (no - yes > 1e-4) {
    const middle = (yes + no) / 2;
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

function wedge(from: number, to: number): string {
  return `M0 0L${at(from, FAR).join(' ')}L${at(to, FAR).join(' ')}z`;
}

/** In SVG, y points down. */
function at(degrees: number, radius: number): [string, string] {
  const angle = (degrees * Math.PI) / 180;
  return [number(radius * Math.cos(angle)), number(-radius * Math.sin(angle))];
}

function number(x: number): string {
  return String(Number(x.toFixed(3)) + 0);
}
