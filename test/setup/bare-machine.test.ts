import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { defaultCacheFolder } from '../../lab/train/cache/cache-file.ts';
import { defaultDataDir } from '../../src/log/log-files.ts';
import { enginesFolder } from '../../src/model/engines/engine-folder.ts';
import { enterBareMachine } from './bare-machine.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('tests run without the folders of the user of this machine', () => {
  expect(homedir()).toContain('undertone-bare-');
  for (const folder of [enginesFolder(), defaultDataDir(), defaultCacheFolder()]) {
    expect(folder).toContain('undertone-bare-');
  }
  expect(existsSync(enginesFolder())).toBe(false);
});

test('settings of the program are cleared, those of the tests stay', () => {
  for (const name of Object.keys(process.env)) vi.stubEnv(name, process.env[name]); // to be put back
  for (const name of ['HOME', 'UNDERTONE_ENGINE_DIR', 'UNDERTONE_PASSPHRASE', 'UNDERTONE_DATA']) {
    vi.stubEnv(name, '/of-the-user');
  }
  const leave = enterBareMachine();
  try {
    const { UNDERTONE_ENGINE_DIR, UNDERTONE_PASSPHRASE, UNDERTONE_DATA } = process.env;
    expect(UNDERTONE_ENGINE_DIR).not.toBe('/of-the-user');
    expect(UNDERTONE_PASSPHRASE).toBeUndefined();
    expect(UNDERTONE_DATA).toBe('/of-the-user');
    expect(homedir()).not.toBe('/of-the-user');
  } finally {
    leave();
  }
});
