import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, listening, missing, startWith } from '../server/serve-process.ts';
import { tempFolder, until } from '../server/support.ts';

/** Each test starts three programs, one after the other. */
const LONG = { timeout: 180_000 };

/** Runs a server with both passphrases; returns a function that tries to open its log. */
async function logOf(env: Record<string, string>, inFile: string) {
  const folder = tempFolder();
  const config = join(folder, 'undertone.json');
  const file = join(folder, 'passphrase.txt');
  writeFileSync(file, inFile);
  const passphrase = { file: 'passphrase.txt' };
  writeFileSync(
    config,
    JSON.stringify({ port: 0, dataDir: 'data', engine: 'wasm', streams: [], passphrase }),
  );
  const server = startWith(env, '--config', config);
  await listening(server);
  server.child.kill('SIGTERM');
  await until(() => server.code() !== undefined, 'the end');
  const opens = (args: string[], environment: Record<string, string> = {}) => {
    try {
      execFileSync(process.execPath, [CLI, 'doctor', '--data-dir', join(folder, 'data'), ...args], {
        env: { ...process.env, ...environment },
        stdio: 'pipe',
      });
      return true;
    } catch (error) {
      expect((error as { stderr: Buffer }).stderr.toString()).toContain('The passphrase does not open');
      return false;
    }
  };
  return { file, opens };
}

test.skipIf(missing !== '')(
  'the passphrase file of the configuration is read as the commands read it',
  LONG,
  async () => {
    const { file, opens } = await logOf({}, ' with spaces \nand a second line\n');
    expect(opens(['--passphrase-file', file])).toBe(true);
    expect(opens([], { UNDERTONE_PASSPHRASE: 'with spaces' })).toBe(false);
  },
);

test.skipIf(missing !== '')(
  'the environment variable takes precedence over the configuration',
  LONG,
  async () => {
    const { file, opens } = await logOf({ UNDERTONE_PASSPHRASE: 'of the variable' }, 'of the file');
    expect(opens([], { UNDERTONE_PASSPHRASE: 'of the variable' })).toBe(true);
    expect(opens(['--passphrase-file', file])).toBe(false);
  },
);
