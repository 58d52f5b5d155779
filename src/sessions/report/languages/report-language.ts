import { z } from 'zod';
import { plain, signed } from '../format.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import type { ReportTexts } from './texts.ts';

const TEXTS = { en, de, fr, es } as const;
/** How dates are written. */
const LOCALES = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' } as const;

export const reportLanguage = z.enum(['en', 'de', 'fr', 'es'], 'expected en, de, fr or es');
export type ReportLanguageName = z.output<typeof reportLanguage>;

/** What a report is written with. */
export interface ReportLanguage {
  readonly name: ReportLanguageName;
  readonly locale: string;
  readonly texts: ReportTexts;
  /** A level with its sign, as `signed` of format.ts. */
  readonly signed: (value: number | null) => string;
  /** A number, as `plain` of format.ts. */
  readonly plain: (value: number | null, digits?: number) => string;
  /** A word of the log; one that is not known stays as it is. */
  readonly mood: (word: string) => string;
}

export function languageOf(name: ReportLanguageName): ReportLanguage {
  const texts = TEXTS[name];
  const moods: Readonly<Record<string, string>> = texts.moods;
  const own = (text: string) => (name === 'en' ? text : text.replace('.', ','));
  return {
    name,
    locale: LOCALES[name],
    texts,
    signed: (value) => own(signed(value)),
    plain: (value, digits) => own(plain(value, digits)),
    mood: (word) => moods[word] ?? word,
  };
}

export const ENGLISH = languageOf('en');
