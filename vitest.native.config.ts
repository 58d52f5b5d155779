import { defineConfig } from 'vitest/config';

/** What wants a native engine: tests of its own, and those that try every engine that is installed. */
export default defineConfig({
  test: {
    include: [
      'test/native/**/*.test.ts',
      'test/**/{engine,engine-agreement,kernel-gradients,patches-front-end,planted-rule,seeds}.test.ts',
      'test/**/musicnn*.test.ts',
    ],
    globalSetup: ['test/setup/native-engine.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
