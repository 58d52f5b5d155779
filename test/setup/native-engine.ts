import { enterBareMachine } from './bare-machine.ts';

/** As `bare-machine.ts`, on a machine that has the engine which `npm run test:native` has installed. */
export function setup(): () => void {
  const { NATIVE_TEST_ENGINES: folder } = process.env;
  if (!folder) throw new Error('Run the tests of the native engines by `npm run test:native`.');
  return enterBareMachine(folder);
}
