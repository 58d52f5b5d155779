import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { ENGLISH, type Messages, showLanguage } from '../../dashboard/state/i18n.ts';
import { codeText, refusalText } from '../../dashboard/state/refusal.ts';
import { ApiError } from '../../src/client/index.ts';

const show = (language: string) => {
  const file = new URL(`../../dashboard/locales/${language}.json`, import.meta.url);
  showLanguage({ language, locale: language, messages: JSON.parse(readFileSync(file, 'utf8')) as Messages });
};
const inEnglish = () => showLanguage({ language: 'en', locale: 'en', messages: ENGLISH });
beforeEach(() => show('de'));
afterAll(inEnglish);

const SENTENCE = 'The sentence of the server.';
const invalid = (path: string, expected: string) =>
  new ApiError(400, 'bad-request', SENTENCE, [{ path, expected, got: '"…"' }]);

it.each([
  ['title', 'at most 200 characters', 'Titel: höchstens 200 Zeichen'],
  ['notes', 'at most 20000 characters', 'Notizen: höchstens 20.000 Zeichen'],
  ['tags.3', 'at most 64 characters', 'Schlagwörter: höchstens 64 Zeichen'],
  ['tags', 'at most 32 tags', 'Schlagwörter: höchstens 32 Schlagwörter'],
  ['time', 'a time within the session', 'Zeit: muss innerhalb der Sitzung liegen'],
  ['startedAt', 'a time in the past', 'Begonnen: ein Zeitpunkt in der Vergangenheit'],
  [
    'name',
    '1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit',
    'Name: Kleinbuchstaben, Ziffern, „.“, „_“ und „-“.',
  ],
  ['source', 'something that this page does not know', 'Adresse: ungültig'],
])('names the field %s that needs %s in the language of the page', (path, expected, text) => {
  expect(refusalText(invalid(path, expected))).toBe(text);
});

it('keeps the sentence of the server in English and for what has no words of its own', () => {
  expect(codeText('unheard-of', SENTENCE)).toBe(`Der Server nimmt das nicht an: ${SENTENCE}`);
  expect(refusalText(invalid('elsewhere', 'another value'))).toContain(SENTENCE);
  inEnglish();
  expect(codeText('stream-busy', SENTENCE)).toBe(SENTENCE);
  // Not "this request needs manage".
  expect(codeText('scope', SENTENCE)).toBe('Your token does not allow this: enter another one.');
  expect(refusalText(invalid('title', 'at most 200 characters'))).toBe('Title: at most 200 characters');
});

it('shows no sentence that is about requests of the API', () => {
  inEnglish();
  expect(codeText('before-log', SENTENCE)).toBe(
    'The stream has no data from that time: a session cannot begin that early.',
  );
  const folder = new URL('../../src/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const codes = files.flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(ABOUT_REQUESTS)].map(([, code]) => code!),
  );
  expect(codes.filter((code) => codeText(code, SENTENCE) === SENTENCE)).toEqual([]);
});

/** The code of an error whose sentence names a path of the API. */
const ABOUT_REQUESTS = /(?:UserError|Problem)\(\s*(?:\d+,\s*)?'([a-z-]+)',\s*`[^`]*\/v1\//g;

/** Of requests that the page does not make, or in words of its own: client.ts. */
const ELSEWHERE = ['bad-request', 'bad-target', 'forbidden-address'];

it.each(['de', 'fr', 'es'])('has words for each code of the API in %s', (language) => {
  show(language);
  const source = readFileSync(new URL('../../src/server/http/problem.ts', import.meta.url), 'utf8');
  const [, table] = /const STATUS_OF[^{]*\{(.*?)\n\};/s.exec(source)!;
  const codes = [...table!.matchAll(/^ {2}'?([a-z-]+)'?: \d/gm)].map(([, code]) => code!);
  expect(codes.length).toBeGreaterThan(40);
  const unknown = codes.filter((code) => codeText(code, SENTENCE).includes(SENTENCE));
  expect(unknown.filter((code) => !ELSEWHERE.includes(code))).toEqual([]);
});
