import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { defaultDataDir } from '../../src/log/log-files.ts';
import { enginesFolder } from '../../src/model/engines/engine-folder.ts';
import { homeFolder, userName } from '../../src/util/user.ts';

// As Node.js does for a user who is in no list of users, as with DynamicUser= of systemd or `docker run --user 4711`.
beforeAll(() => {
  vi.spyOn(os, 'homedir').mockImplementation(() => {
    throw new Error('ENOENT: no such file or directory, uv_os_homedir');
  });
  vi.spyOn(os, 'userInfo').mockImplementation(() => {
    throw new Error('ENOENT: no such file or directory, uv_os_get_passwd');
  });
  syncBuiltinESMExports();
});
afterAll(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

describe('a user without an entry in the list of users', () => {
  test('has / as home folder, and a number as name', () => {
    expect(homeFolder()).toBe('/');
    expect(userName()).toMatch(/^uid (\d+|unknown)$/);
  });

  test.skipIf(process.platform === 'win32')('has default folders', () => {
    expect(defaultDataDir({})).toMatch(/^[/\\].*undertone$/);
    expect(enginesFolder({})).toMatch(/^[/\\].*undertone.engines$/);
  });
});
