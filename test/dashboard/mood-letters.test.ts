import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { ENGLISH, type Messages, showLanguage } from '../../dashboard/state/i18n.ts';
import { moodLetters } from '../../dashboard/state/mood-letters.ts';

afterAll(() => showLanguage({ language: 'en', locale: 'en', messages: ENGLISH }));

test.each([
  ['en', { name: 'uncertain'.length, word: 'uncertain'.length }],
  ['de', { name: 'energiegeladen'.length, word: 'energiegeladen'.length }],
  ['fr', { name: 'énergique'.length, word: 'énergique'.length }],
  // A name of two words.
  ['es', { name: 'voz hablada'.length, word: 'tranquilo'.length }],
])('measures the longest name of a mood, and its longest word, in %s', (language, letters) => {
  const file = new URL(`../../dashboard/locales/${language}.json`, import.meta.url);
  const messages = JSON.parse(readFileSync(file, 'utf8')) as Messages;
  showLanguage({ language, locale: language, messages });
  expect(moodLetters()).toEqual(letters);
});
