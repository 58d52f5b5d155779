import { signal } from '@preact/signals';
import { IntlMessageFormat } from 'intl-messageformat';
import type { ComponentChildren } from 'preact';
import en from '../locales/en.json' with { type: 'json' };

/** The languages of the page, by their own names. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

/** Every text of the page: ICU messages, one file a language. English is the source, and always loaded. */
export type MessageKey = keyof typeof en;
export type Messages = Readonly<Record<MessageKey, string>>;

/** Loaded when chosen; each becomes a file of its own. */
const LOADERS: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => en,
  de: async () => (await import('../locales/de.json')).default,
  fr: async () => (await import('../locales/fr.json')).default,
  es: async () => (await import('../locales/es.json')).default,
};

const KEY = 'undertone.language';

/** The language shown, and its messages; they change together. */
const shown = signal<{ readonly language: Language; readonly messages: Messages }>({
  language: 'en',
  messages: en,
});
let formats = new Map<MessageKey, IntlMessageFormat>();

export const language = (): Language => shown.value.language;

/** For `Intl`: the browser's own variant of the language shown, such as `en-GB`, so that dates look as at home. */
export function locale(): string {
  const name = language();
  return navigator.languages.find((one) => one === name || one.startsWith(`${name}-`)) ?? name;
}

/** Whether there is a message of this key, for words that the server sends. */
export const hasMessage = (key: string): key is MessageKey => Object.hasOwn(en, key);

type Value = string | number | boolean | Date | null | undefined;
type Tag = (children: ComponentChildren) => ComponentChildren;

/** The text of a message. Reading it in a component renders that again when the language changes. */
export function t(key: MessageKey, values?: Readonly<Record<string, Value>>): string {
  const text = shown.value.messages[key];
  if (values === undefined && !text.includes('{')) return text;
  return String(formatOf(key).format({ ...values }));
}

/** A message with elements in it: `<link>…</link>` is replaced by what the value `link` makes of its content. */
export function rich(
  key: MessageKey,
  values: Readonly<Record<string, Value | Tag | ComponentChildren>>,
): ComponentChildren {
  return formatOf(key).format<unknown>(values as Record<string, Value>) as ComponentChildren;
}

function formatOf(key: MessageKey): IntlMessageFormat {
  const { messages } = shown.value;
  let format = formats.get(key);
  if (format === undefined) {
    format = new IntlMessageFormat(messages[key], locale());
    formats.set(key, format);
  }
  return format;
}

/** Loads and shows a language, and remembers it. */
export async function chooseLanguage(name: Language): Promise<void> {
  await show(name);
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Storage is blocked: the choice is lost on reload.
  }
}

/** Shows the language that was chosen before, else the first of the browser's that there is. Call before rendering. */
export async function startLanguage(): Promise<void> {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(KEY);
  } catch {
    // Storage is blocked.
  }
  const wanted = [stored ?? '', ...navigator.languages].map((one) => one.split('-')[0]!.toLowerCase());
  await show(wanted.find((one): one is Language => Object.hasOwn(LANGUAGES, one)) ?? 'en');
}

async function show(name: Language): Promise<void> {
  const messages = await LOADERS[name]().catch(() => null);
  if (messages === null) return; // No connection: the page keeps its language.
  formats = new Map();
  shown.value = { language: name, messages };
  document.documentElement.lang = name;
}
