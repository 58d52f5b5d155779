import { signal } from '@preact/signals-core';
import { IntlMessageFormat } from 'intl-messageformat';
import en from '../locales/en.json' with { type: 'json' };

/** Every text of the page: ICU messages, one file a language. English is the source, and always loaded. */
export type MessageKey = keyof typeof en;
export type Messages = Readonly<Record<MessageKey, string>>;

/** What is shown: the messages of a language, and how `Intl` writes its dates and numbers. They change together. */
export interface Shown {
  readonly language: string;
  readonly locale: string;
  readonly messages: Messages;
}

export const ENGLISH: Messages = en;
const shown = signal<Shown>({ language: 'en', locale: 'en', messages: en });
let formats = new Map<MessageKey, IntlMessageFormat>();

export function showLanguage(next: Shown): void {
  formats = new Map();
  shown.value = next;
}

export const language = (): string => shown.value.language;
/** For `Intl`: the browser's own variant of the language shown, such as `en-GB`, so that dates look as at home. */
export const locale = (): string => shown.value.locale;

/** Whether there is a message of this key, for words that the server sends. */
export const hasMessage = (key: string): key is MessageKey => Object.hasOwn(en, key);

type Value = string | number | boolean | Date | null | undefined;

/** The text of a message. Reading it in a component renders that again when the language changes. */
export function t(key: MessageKey, values?: Readonly<Record<string, Value>>): string {
  const { messages, locale: name } = shown.value;
  const text = messages[key];
  if (values === undefined && !text.includes('{')) return text;
  let format = formats.get(key);
  if (format === undefined) {
    format = new IntlMessageFormat(text, name);
    formats.set(key, format);
  }
  return String(format.format({ ...values }));
}
