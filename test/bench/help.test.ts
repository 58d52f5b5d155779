import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const BENCH = fileURLToPath(new URL('../../bench/', import.meta.url));

it('prints what a benchmark measures, and its options, without running it', () => {
  const help = execFileSync(process.execPath, [`${BENCH}run.mjs`, 'page', '--help'], { encoding: 'utf8' });
  expect(help).toMatch(/^How fast, calm and accessible is each view\?/);
  expect(help).toContain('npm run bench page -- --bars');
});

it('every benchmark begins with such a comment', () => {
  const scripts = readdirSync(BENCH).filter((name) => name.endsWith('.ts'));
  expect(scripts.filter((name) => !readFileSync(BENCH + name, 'utf8').startsWith('/*\n'))).toEqual([]);
});
