import { ENGLISH, language, type Messages, showLanguage } from './i18n.ts';
import { moodLetters } from './mood-letters.ts';
import { store, stored } from './storage.ts';

/** The languages of the page, by their own names. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

/** Loaded when chosen; each becomes a file of its own. */
const LOADERS: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => ENGLISH,
  de: async () => (await import('../locales/de.json')).default,
  fr: async () => (await import('../locales/fr.json')).default,
  es: async () => (await import('../locales/es.json')).default,
};

const KEY = 'undertone.language';

/** Loads and shows a language, and remembers it. */
export async function chooseLanguage(name: Language): Promise<void> {
  await show(name);
  store(KEY, name);
}

/** Shows the language that was chosen before, else the first of the browser's that there is. Call before rendering. */
export async function startLanguage(): Promise<void> {
  const wanted = [stored(KEY) ?? '', ...navigator.languages].map((one) => one.split('-')[0]!.toLowerCase());
  const name = wanted.find((one): one is Language => Object.hasOwn(LANGUAGES, one)) ?? 'en';
  // English is there already, with the browser's way to write dates.
  await show(name);
}

async function show(name: Language): Promise<void> {
  const messages = await LOADERS[name]().catch(() => null);
  if (messages === null) return; // No connection: the page keeps its language.
  const own = navigator.languages.find((one) => one === name || one.startsWith(`${name}-`));
  showLanguage({ language: name, locale: own ?? name, messages });
  document.documentElement.lang = language();
  const { name: letters, word } = moodLetters();
  document.documentElement.style.setProperty('--name-letters', String(letters));
  document.documentElement.style.setProperty('--letters', String(word));
}
