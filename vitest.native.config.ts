import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Tests that try every engine that is installed, wherever they lie. */
const onEveryEngine = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((path) => `test/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('isInstalled'));

/** What wants a native engine: tests of its own, and those that take it where it is. */
export default defineConfig({
  test: {
    include: ['test/native/**/*.test.ts', ...onEveryEngine],
    globalSetup: ['test/setup/native-engine.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
