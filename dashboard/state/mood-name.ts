import { capitalized } from './format.ts';
import { hasMessage, t } from './i18n.ts';

/** The word for a mood or an activity in the page's language, as the middle of a sentence; others as they are. */
export function moodWord(word: string): string {
  const key = `mood.${word}`;
  return hasMessage(key) ? t(key) : word;
}

/** The same, alone: with a capital letter. */
export const moodName = (word: string): string => capitalized(moodWord(word));

/** How the music is perceived, as the middle of a sentence. */
export const perceived = (mood: string): string =>
  mood === 'uncertain' ? t('mood.isUncertain') : t('mood.perceived', { mood: moodWord(mood) });
