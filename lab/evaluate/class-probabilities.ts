import { quadrantOf } from '../../src/mood.ts';
import type { Scheme } from '../compare/system.ts';
import { WORDS, wordOf } from './quadrants.ts';
import type { ScoredStep } from './scored-steps.ts';

/** Names of the classes of each scheme, by their index. */
export const CLASS_NAMES: Readonly<Record<Scheme, readonly string[]>> = {
  quadrants: ['V− A−', 'V+ A−', 'V− A+', 'V+ A+'],
  words: WORDS.map(({ word }) => word),
};

export function classOf(scheme: Scheme, valence: number, arousal: number): number {
  return scheme === 'quadrants' ? quadrantOf(valence, arousal) : wordOf(valence, arousal);
}

type Said = Pick<ScoredStep, 'said' | 'sd'>;

/** [steps, 4] how likely each class is under independent normal distributions of both axes. */
export function classProbabilities(steps: readonly Said[], scheme: Scheme): Float32Array {
  const all = new Float32Array(4 * steps.length);
  const write = scheme === 'quadrants' ? quadrantShares : wordShares;
  for (const [i, step] of steps.entries()) write(step, all, 4 * i);
  return all;
}

function quadrantShares({ said, sd }: Said, into: Float32Array, at: number): void {
  const v = normalCdf(said.valence / sd.valence);
  const a = normalCdf(said.arousal / sd.arousal);
  into.set([(1 - v) * (1 - a), v * (1 - a), (1 - v) * a, v * a], at);
}

/** Valence is taken at so many places, each standing for an equal share of it; arousal exactly between the borders. */
const PLACES = normalMiddles(32);
/** Where one word ends and the next begins, as degrees from pleasure to arousal. */
const BORDERS = WORDS.map(({ degrees }, i) => {
  const next = WORDS[(i + 1) % WORDS.length]!.degrees;
  return (degrees + next + (next < degrees ? 360 : 0)) / 2;
});
/** Of the borders on each side of the plane: arousal for each unit of valence, from low to high arousal. */
const SLOPES = { positive: slopes(1), negative: slopes(-1) };

function wordShares({ said, sd }: Said, into: Float32Array, at: number): void {
  for (const place of PLACES) {
    const valence = said.valence + place * sd.valence;
    let below = 0;
    for (const slope of valence >= 0 ? SLOPES.positive : SLOPES.negative) {
      const share = normalCdf((slope * valence - said.arousal) / sd.arousal);
      into[at + wordOf(valence, slope * valence - 1e-9)]! += (share - below) / PLACES.length;
      below = share;
    }
    into[at + wordOf(valence, Number.POSITIVE_INFINITY)]! += (1 - below) / PLACES.length;
  }
}

function slopes(side: 1 | -1): number[] {
  return BORDERS.map((degrees) => (degrees * Math.PI) / 180)
    .filter((angle) => Math.sign(Math.cos(angle)) === side)
    .map(Math.tan)
    .sort((a, b) => side * (a - b));
}

/** Share of a standard normal distribution below x: Abramowitz & Stegun 7.1.26, to 1e-7. */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp(-z * z);
  return x < 0 ? tail : 1 - tail;
}

/** Of n equal shares of a standard normal distribution the middle of each. */
export function normalMiddles(n: number): number[] {
  return Array.from({ length: n }, (_, i) => quantile((i + 0.5) / n));
}

/** By halving; only ever asked for a few numbers. */
function quantile(share: number): number {
  let [low, high] = [-10, 10];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
