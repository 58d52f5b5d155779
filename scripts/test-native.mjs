// Installs the native engine into a temporary folder with `undertone engine install`, and runs the tests that need
// it (vitest.native.config.ts). Where the machine cannot build it, prints why and exits with 0. Arguments are passed
// to vitest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCompiler, findNpm, findPython } from '../dist/src/model/engines/tools.js';
import { wheelsFor } from '../dist/src/model/engines/wheel.js';

const reason = await reasonToSkip();
if (reason) {
  console.log(`Skipped the tests of the native engine: ${reason}`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-engines-'));
  process.exitCode = 1;
  try {
    if (run(['dist/cli.js', 'engine', 'install', 'node', '--dir', folder])) {
      const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.native.config.ts'];
      if (run([...vitest, ...process.argv.slice(2)], { NATIVE_TEST_ENGINES: folder })) process.exitCode = 0;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Why the engine cannot be built on this machine; undefined where it can. */
async function reasonToSkip() {
  const downloads = mkdtempSync(join(tmpdir(), 'undertone-pip-'));
  try {
    wheelsFor('node');
    await findCompiler();
    const [npm, python] = [await findNpm(), await findPython()];
    const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
    if (!works(npm.command, [...npm.args, 'view', '@tensorflow/tfjs-node', 'version'])) {
      return 'npm cannot reach its registry.';
    }
    const pip = ['-m', 'pip', 'download', '--retries', '0', '--no-deps', '--dest', downloads];
    if (!works(python.command, [...pip, 'packaging'])) return 'pip cannot reach the Python package index.';
    return undefined;
  } catch (cause) {
    return cause.message;
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}

function run(args, env = {}) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return status === 0;
}
