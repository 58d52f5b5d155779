import { ACTIVITIES } from '../../src/frame-fields.ts';
import { MOODS } from '../../src/types.ts';
import { moodName } from './mood-name.ts';

/** Letters of the longest word for a mood or an activity in the page's language: large words are sized to fit it. */
export const moodLetters = (): number =>
  Math.max(...[...MOODS, ...ACTIVITIES].map((word) => moodName(word).length));
