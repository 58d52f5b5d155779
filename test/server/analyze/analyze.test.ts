import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createAnalyze } from '../../../src/server/analyze/analyze.ts';
import { saveUpload } from '../../../src/server/analyze/upload.ts';
import { LIMITS } from '../../../src/server/limits.ts';
import { unhandledRejections } from '../../support/unhandled.ts';
import { frameOf, tempFolder, until } from '../support.ts';

test('an error at the end of an analysis that its client has left ends nothing else', async () => {
  const errors = unhandledRejections();
  const folder = tempFolder();
  const analyze = createAnalyze({
    limits: LIMITS,
    folder,
    async *analyzer() {
      try {
        yield [frameOf('analyze', 0)];
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: what a file that cannot be deleted does
        throw new Error('EBUSY');
      }
    },
  });
  const client = new AbortController();
  const app = new Hono().post('/', (c) => analyze(c, 'json'));
  const response = await app.request('/', { method: 'POST', body: 'RIFF', signal: client.signal });
  expect(response.status).toBe(200);
  client.abort();
  await until(() => readdirSync(folder).length === 0, 'the end');
  for (let n = 0; n < 3; n++) await new Promise((resolve) => setImmediate(resolve));
  expect(errors).toEqual([]);
});

test('removes the uploads that a crash has left, and nothing else from a folder that others use', async () => {
  const folder = tempFolder();
  const song = join(folder, 'song.wav');
  writeFileSync(song, 'RIFF');
  mkdirSync(join(folder, 'album'));
  await saveUpload(Readable.from([Buffer.from('RIFF')]), folder, 100); // Never removed, as in a crash.
  expect(readdirSync(folder)).toHaveLength(3);
  createAnalyze({ limits: LIMITS, folder, async *analyzer() {} });
  expect(readdirSync(folder)).toEqual(['album', 'song.wav']);
});

test('starts without a folder of uploads', () => {
  const folder = join(tempFolder(), 'uploads');
  createAnalyze({ limits: LIMITS, folder, async *analyzer() {} });
  expect(existsSync(folder)).toBe(false);
});
