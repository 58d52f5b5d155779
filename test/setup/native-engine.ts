import { enterBareMachine } from './bare-machine.ts';

/** Like `bare-machine.ts`, but with the engine that `npm run test:native` has installed. */
export function setup(): () => void {
  const { NATIVE_TEST_ENGINES: folder } = process.env;
  if (!folder) throw new Error('Run the tests of the native engines with `npm run test:native`.');
  return enterBareMachine(folder);
}
