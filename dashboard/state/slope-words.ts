import { signed } from './format.ts';
import { t } from './i18n.ts';

/** Times over which the booth shows how steep the music is, in seconds. */
export const SLOPE_SECONDS = [8, 16, 32] as const;

/** Slopes are shown as the change in so many seconds. */
const PER_SECONDS = 10;
/** Least change in PER_SECONDS for each word, steepest first. */
const WORDS: readonly (readonly [least: number, word: 'steep' | 'clear' | 'slight'])[] = [
  [0.25, 'steep'],
  [0.1, 'clear'],
  [0.04, 'slight'],
];

/** A slope per second as words and as the change in 10 s: "clear rise", "+0.14". */
export function slopeWords(slope: number | null): { readonly word: string; readonly change: string } {
  if (slope === null) return { word: t('slope.tooShort'), change: signed(null) };
  const change = slope * PER_SECONDS;
  const how = WORDS.find(([least]) => Math.abs(change) >= least)?.[1];
  const word = how === undefined ? t('slope.level') : t(`slope.${how}${change > 0 ? 'Rise' : 'Fall'}`);
  return { word, change: signed(change) };
}
