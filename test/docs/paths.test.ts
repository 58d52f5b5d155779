import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** README, docs, and the cards and notes of the models. */
const PAGES = [
  ...markdownIn('.'),
  ...markdownIn('docs'),
  ...readdirSync(join(ROOT, 'models')).flatMap((model) => markdownIn(`models/${model}`)),
];

/** A file (with an extension) or a folder (with a slash) of the repository, not within a URL or a longer path. */
const REPOSITORY_PATH =
  /(?<![\w./-])(?:src|lab|test|bench|scripts|dashboard|docs|models|examples)\/[\w./-]*(?:\.[a-z]+|\/)(?![\w/])/g;
/** As in `models/NAME/` and `src/sinks/NAME.ts`. */
const PLACEHOLDER = /\/(?:NAME|TOPIC)(?:[/.-]|$)/;
const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)/g;

test.each(PAGES)('%s names only paths that exist', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const missing = (text.match(REPOSITORY_PATH) ?? [])
    .filter((path) => !PLACEHOLDER.test(path))
    .filter((path) => !existsSync(join(ROOT, path)));
  expect(missing).toEqual([]);
});

test.each(PAGES)('%s links only to files and headings that exist', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const broken = [...text.matchAll(LINK)]
    .filter(([, path, heading]) => {
      const target = path ? join(ROOT, dirname(page), path) : join(ROOT, page);
      if (!existsSync(target)) return true;
      return heading !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(heading.slice(1));
    })
    .map(([link]) => link);
  expect(broken).toEqual([]);
});

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map(({ name }) => join(folder, name));
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(file, 'utf8').match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
