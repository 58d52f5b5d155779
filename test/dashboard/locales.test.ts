import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';

const DASHBOARD = fileURLToPath(new URL('../../dashboard', import.meta.url));
const LANGUAGES = ['en', 'de', 'fr', 'es'] as const;
const read = (language: string) =>
  JSON.parse(readFileSync(join(DASHBOARD, 'locales', `${language}.json`), 'utf8')) as Record<string, string>;
const english = read('en');

/** Names of the values and tags of a message. */
function placeholders(message: string): string[] {
  const names = new Set<string>();
  const walk = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (part.type !== LITERAL && part.type !== POUND) names.add(part.value);
      for (const { value } of Object.values(part.options ?? {})) walk(value);
      walk(part.children ?? []);
    }
  };
  walk(new IntlMessageFormat(message, 'en').getAst() as unknown as Part[]);
  return [...names].sort();
}

/** Kinds of parts in the syntax tree of a message. */
const LITERAL = 0;
const POUND = 7;
interface Part {
  readonly type: number;
  readonly value: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Part[] }>>;
  readonly children?: readonly Part[];
}

describe.each(LANGUAGES)('the locale %s', (language) => {
  const messages = read(language);

  it('has every message, with the same values', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort());
    for (const [key, message] of Object.entries(messages)) {
      expect(message.trim(), key).not.toBe('');
      expect({ key, names: placeholders(message) }).toEqual({ key, names: placeholders(english[key]!) });
    }
  });

  it('has a form for each plural of the language', () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const message of Object.values(messages)) {
      const [, forms] = /plural,(.*)/s.exec(message) ?? [];
      if (forms === undefined) continue;
      // `many` in French and Spanish is for millions, and falls back to `other`.
      for (const category of pluralCategories.filter((one) => one !== 'many'))
        expect(forms).toContain(`${category} {`);
    }
  });
});

it('translates: no two languages have the same texts', () => {
  for (const language of LANGUAGES.slice(1)) {
    const messages = read(language);
    const same = Object.keys(english).filter((key) => messages[key] === english[key]);
    expect(same.length / Object.keys(english).length, `${language}: ${same.join(', ')}`).toBeLessThan(0.12);
  }
});

it('every message is used', () => {
  const code = files(DASHBOARD)
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  // Some keys are composed: t(`state.${state}`).
  const composed = [...code.matchAll(/`([\w.-]+\.)\$\{/g)].map(([, start]) => start!);
  const unused = Object.keys(english).filter(
    (key) => !code.includes(`'${key}'`) && !composed.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

/** Pages for programmers, in English as the API is. */
const ENGLISH_ONLY = ['api-docs.tsx', 'operation.tsx', 'openapi.ts', 'api-request.ts'];
/** Names, units and commands, which are the same in every language. */
const NAMES = /^(undertone( .*)?|CSV|PDF|Parquet|LUFS|ms|[A-Z]|·|×|←|→|true|false)$/;

it('no text for people is written in the code', () => {
  const found: string[] = [];
  for (const file of files(DASHBOARD).filter((name) => /\.tsx?$/.test(name))) {
    if (ENGLISH_ONLY.some((name) => file.endsWith(name))) continue;
    const code = readFileSync(file, 'utf8')
      .replace(/\/\*.*?\*\//gs, '')
      .replace(/(^|\s)\/\/[^\n]*/g, '');
    const texts = [
      // Between tags, and in attributes that are read out or shown.
      ...[
        ...(file.endsWith('x') ? code : '').matchAll(/(?:[\w"'}]|\/)>([^<>{}=;()]*\p{L}{2}[^<>{}=;()]*)</gu),
      ].map(([, text]) => text!),
      ...[
        ...code.matchAll(
          /\b(?:aria-\w+|title|placeholder|alt|text|confirmText|object)="([^"]*\p{L}{2}[^"]*)"/gu,
        ),
      ].map(([whole, text]) =>
        /^aria-(labelledby|describedby|controls|live|current|haspopup|hidden|expanded)/.test(whole)
          ? ''
          : text!,
      ),
      // A sentence.
      ...[...code.matchAll(/['`]([A-Z][a-z]+ [a-z][^'`\n]*)['`]/g)].map(([, text]) => text!),
    ];
    for (const text of texts.map((one) => one.trim().replace(/\s+/g, ' ')))
      if (text !== '' && !NAMES.test(text)) found.push(`${file.slice(DASHBOARD.length + 1)}: ${text}`);
  }
  expect(found).toEqual([]);
});

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
