import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { withSection } from '../support/docs-tables.ts';
import { KNOWN } from './known.ts';
import { FAMILIES, formatTables } from './page.ts';

it('docs/formats.md has every row (`npm run docs:formats` writes it)', async () => {
  const page = new URL('../../docs/formats.md', import.meta.url).pathname;
  const text = withSection(await readFile(page, 'utf8'), 'formats', formatTables());
  await expect(text).toMatchFileSnapshot(page);
});

it('names decoders that exist, and each row of a group once', () => {
  for (const { title, decoder, rows } of Object.values(FAMILIES).flat()) {
    const path = decoder.startsWith('src/') ? decoder : `node_modules/${decoder}`;
    if (decoder !== 'none') expect(existsSync(path), path).toBe(true);
    expect(new Set(rows.map(({ name }) => name)).size, title).toBe(rows.length);
  }
});

it('has a row for each known fault', () => {
  const rows = Object.values(FAMILIES)
    .flat()
    .flatMap(({ title, rows }) => rows.map(({ name }) => `${title}: ${name}`));
  expect(rows).toEqual(expect.arrayContaining(Object.keys(KNOWN)));
});
