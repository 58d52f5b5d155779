import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));

/** Scripts and style sheets that a page loads at once. */
const filesOf = (page: string): string[] =>
  [...readFileSync(`${folder}${page}`, 'utf8').matchAll(/assets\/([\w-]+?)-[\w-]{8}(\.(?:js|css))"/g)].map(
    ([, name, extension]) => `${name}${extension}`,
  );

describe.skipIf(!existsSync(`${folder}index.html`))('the built page', () => {
  it('loads few files at once', () => {
    expect(filesOf('index.html').sort()).toEqual([
      'app.css',
      'app.js',
      'index.js',
      'shared.css',
      'shared.js',
    ]);
  });

  it('shares with the reference of the API only what both need', () => {
    expect(filesOf('docs.html').sort()).toEqual(['docs.css', 'docs.js', 'shared.css', 'shared.js']);
  });
});
