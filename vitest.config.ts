import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/native/**'],
    globalSetup: ['test/setup/bare-machine.ts'],
    // Long: a machine that does other work too is no fault of what is tested.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // One more than the cores of a small machine: several tests wait for the program's own timeouts.
    maxWorkers: 3,
  },
});
