import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that wait for timeouts of the program itself for half a minute and more. */
const WAITING = /slow-clients|soundcard-pulseaudio/;

/** Starts the waiting tests first, so that the others run meanwhile. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isWaiting = ({ moduleId }: TestSpecification) => WAITING.test(moduleId);
    return [...sorted.filter(isWaiting), ...sorted.filter((file) => !isWaiting(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/native/**'],
    globalSetup: ['test/setup/bare-machine.ts'],
    sequence: { sequencer: WaitingFirst },
    // Long, so that tests also pass on a machine that is busy with other work.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A worker loads the program and its packages once, not again for each file. A test file that puts something of its
    // own in the place of a module, a setting or a clock removes it at its end.
    isolate: false,
    // Two more than the cores of a small machine, as many tests wait for a page or a server.
    maxWorkers: 4,
    // The workers keep the cores busy themselves: helper threads for garbage collection cost up to a fifth more.
    execArgv: ['--single-threaded-gc'],
  },
});
