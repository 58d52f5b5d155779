import { ACTIVITIES } from '../../src/frame-fields.ts';
import { MOODS } from '../../src/types.ts';
import { moodName } from './mood-name.ts';

/** What large words are sized by. */
export interface MoodLetters {
  /** Letters of the longest name of a mood or an activity, where it is on one line. */
  readonly name: number;
  /** Letters of the longest word of such a name, where its words may be on lines of their own. */
  readonly word: number;
}

const NAMES = [...MOODS, ...ACTIVITIES];
/** It is shown in the same places, smaller where it is on one line. */
const WRAPPED = [...NAMES, 'no data'];

/** Letters of the longest names and words for moods and activities in the page's language. */
export const moodLetters = (): MoodLetters => ({
  name: longest(NAMES.map(moodName)),
  word: longest(WRAPPED.flatMap((name) => moodName(name).split(' '))),
});

const longest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
