import { describe, expect, test } from 'vitest';
import { checkStreams } from '../../../src/server/streams/check-streams.ts';
import type { OpenStream } from '../../../src/server/streams/stream-manager.ts';
import { openSource } from '../../../src/stream/sources/index.ts';
import { UserError } from '../../../src/user-error.ts';

const open: OpenStream = async ({ source, model }) => {
  if (model === '../../x') throw new UserError('unknown-model', 'There is no such model.');
  return { source: openSource(source) };
};

const check = (
  streams: readonly { name: string; source: string; model?: string }[],
  otherUris = [] as string[],
) => checkStreams(streams, { open, otherSources: otherUris.map((uri) => ({ name: 'main', uri })) });

const valid = { name: 'valid', source: 'demo:' };

describe('rejects a stream of a configuration that can never start, naming the key', () => {
  test.each([
    ['an unknown kind', { source: 'ftp://x' }, 'streams[1].source: "ftp://x" is not a known kind of source'],
    ['no URI', { source: 'x' }, 'streams[1].source: "x" is not a source'],
    ['an unknown option', { source: 'demo:?seed=banana' }, 'streams[1].source: "demo:?seed=banana" has'],
    ['an invalid web address', { source: 'http://' }, 'streams[1].source: "http://" is not a web address'],
    ['a file on another computer', { source: 'file://far/x.ogg' }, 'streams[1].source: "file://far/x.ogg"'],
    ['an unknown model', { source: 'demo:', model: '../../x' }, 'streams[1].model: There is no such model.'],
    ['a name in use', { name: 'main', source: 'demo:' }, 'streams[1].name: "main" is already the name'],
  ])('%s', async (_what, entry, sentence) => {
    await expect(check([valid, { name: 'a', ...entry }], ['demo:'])).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining(`The configuration is invalid: ${sentence}`),
    });
  });

  test('standard input twice, also where the command line reads it', async () => {
    const piped = { name: 'piped', source: 'stdin:' };
    await check([valid, piped]);
    const twice = 'streams[1].source: only one stream can read standard input.';
    await expect(check([piped, { ...piped, name: 'b' }])).rejects.toThrow(twice);
    await expect(check([valid, piped], ['stdin:'])).rejects.toThrow(twice);
  });

  test('accepts a source that may become available later', async () => {
    await check([
      valid,
      { name: 'file', source: 'file:none.ogg' },
      { name: 'mic', source: 'soundcard:none' },
    ]);
    await check([{ name: 'web', source: 'http://127.0.0.1:9/live' }]);
  });
});
