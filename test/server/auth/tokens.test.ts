import { execFile } from 'node:child_process';
import { chownSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { allows } from '../../../src/server/auth/access.ts';
import { changeTokens, makeToken, readTokens } from '../../../src/server/auth/token-file.ts';
import { Tokens } from '../../../src/server/auth/tokens.ts';
import { tempFolder, until } from '../support.ts';

const HOUR_MS = 3_600_000;

async function fileWith(...made: readonly ReturnType<typeof makeToken>[]): Promise<string> {
  const file = join(tempFolder(), 'tokens.json');
  await changeTokens(file, (tokens) => [...tokens, ...made.map(({ entry }) => entry)]);
  return file;
}

describe('tokens', () => {
  test('are stored as hashes, in a file that only its owner can read', async () => {
    const made = makeToken('booth', ['send'], new Date(Date.now() + HOUR_MS));
    const file = await fileWith(made);
    expect(made.token).toMatch(/^ut_[\w-]{43}$/);
    expect(readFileSync(file, 'utf8')).not.toContain(made.token.slice(3));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const tokens = new Tokens({ file });
    expect(tokens.find(made.token)).toMatchObject({ name: 'booth', scopes: ['send'] });
    expect(tokens.find(made.token.slice(0, -1))).toBeUndefined();
    expect(tokens.find('')).toBeUndefined();
  });

  test('expire', async () => {
    const made = makeToken('old', ['watch'], new Date(Date.now() - 1));
    const tokens = new Tokens({ file: await fileWith(made) });
    expect(tokens.find(made.token)).toBe('expired');
    expect(tokens.any).toBe(false);
  });

  test('that another process creates or revokes take effect in a running server', async () => {
    const file = join(tempFolder(), 'tokens.json');
    const tokens = new Tokens({ file });
    const made = makeToken('late', ['manage']);
    await changeTokens(file, () => [made.entry]);
    await until(() => tokens.find(made.token) !== undefined, 'the new token');
    const principal = tokens.find(made.token) as Exclude<ReturnType<Tokens['find']>, 'expired' | undefined>;
    await changeTokens(file, () => []);
    await until(() => !tokens.isValid(principal), 'the end of the token');
    expect(tokens.find(made.token)).toBeUndefined();
  });

  test('a damaged file is rejected at the start, and ignored later', async () => {
    const made = makeToken('a', ['watch']);
    const file = await fileWith(made);
    const errors: unknown[] = [];
    const tokens = new Tokens({ file, onError: (error) => errors.push(error) });
    writeFileSync(file, '{"version":1,"tokens":[{}]}');
    await until(() => tokens.find(made.token) !== undefined && errors.length > 0, 'the error');
    expect(tokens.find(made.token)).toMatchObject({ name: 'a' });
    expect(() => new Tokens({ file })).toThrow(/is damaged/);
  });

  test('concurrent changes are all stored', async () => {
    const file = join(tempFolder(), 'tokens.json');
    const made = Array.from({ length: 20 }, (_, i) => makeToken(`t${i}`, ['watch']));
    await Promise.all(made.map(({ entry }) => changeTokens(file, (tokens) => [...tokens, entry])));
    expect(readTokens(file)).toHaveLength(20);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  test.skipIf(process.getuid?.() !== 0)('that root creates get the owner of the folder', async () => {
    const folder = tempFolder();
    chownSync(folder, 12_345, 12_346);
    const file = join(folder, 'tokens.json');
    await changeTokens(file, () => [makeToken('a', ['watch']).entry]);
    expect(statSync(file)).toMatchObject({ uid: 12_345, gid: 12_346 });
  });

  test('the time of last use is written when the server closes', async () => {
    const made = makeToken('a', ['watch']);
    const file = await fileWith(made, makeToken('b', ['watch']));
    const tokens = new Tokens({ file });
    tokens.find(made.token);
    tokens.close();
    const used = JSON.parse(readFileSync(file.replace('.json', '-used.json'), 'utf8'));
    expect(Object.keys(used)).toEqual([made.entry.id]);
  });
});

describe('scopes', () => {
  test('manage includes the others, which do not include each other', () => {
    expect(allows(['manage'], 'watch') && allows(['manage'], 'send')).toBe(true);
    expect(
      allows(['watch'], 'send') || allows(['send'], 'watch') || allows(['watch', 'send'], 'manage'),
    ).toBe(false);
  });
});

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

describe.skipIf(!existsSync(CLI))('undertone token', () => {
  const run = async (...args: string[]) => {
    try {
      return { code: 0, ...(await promisify(execFile)(process.execPath, [CLI, 'token', ...args])) };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  };

  test('creates, lists and revokes a token; each is in the audit', async () => {
    const folder = ['--data-dir', tempFolder()];
    const made = await run(
      'create',
      '--name',
      'booth',
      '--scope',
      'send,watch',
      '--expires',
      '90d',
      ...folder,
    );
    const token = made.stdout.trim();
    expect(token).toMatch(/^ut_[\w-]{43}$/);
    expect(new Tokens({ file: join(folder[1]!, 'tokens.json') }).find(token)).toMatchObject({
      name: 'booth',
      scopes: ['watch', 'send'],
    });
    const list = await run('list', ...folder);
    expect(list.stdout).toMatch(
      /^ID +NAME +SCOPES +CREATED +EXPIRES +LAST USED\n[0-9a-f]{8} +booth +watch,send /,
    );
    expect(list.stdout).not.toContain(token);
    expect((await run('create', '--name', 'booth', ...folder)).code).toBe(2);
    expect((await run('revoke', 'booth', ...folder)).stdout).toContain('Revoked the token "booth"');
    expect((await run('list', ...folder)).stdout).toBe('There are no tokens.\n');
    const audit = readFileSync(join(folder[1]!, 'audit.ndjson'), 'utf8').trim().split('\n');
    expect(audit.map((line) => JSON.parse(line))).toMatchObject([
      { what: 'token create', about: 'booth (watch, send)' },
      { what: 'token revoke', about: 'booth' },
    ]);
    expect(audit.join()).not.toContain(token);
  });

  test.each([
    [['create', '--scope', 'admin'], 2, 'Expected one or more of watch, send, manage'],
    [['create', '--expires', 'soon'], 2, 'Expected a duration such as 90d'],
    [['create', '--name', '../x/'], 2, '1 to 64 letters'],
    [['revoke', 'nobody'], 1, 'There is no token "nobody"'],
  ])('%j is reported in one sentence', async (args, code, sentence) => {
    const result = await run(...args, '--data-dir', tempFolder());
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(sentence);
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });
});
