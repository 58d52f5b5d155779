import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createAnalyze } from '../../../src/server/analyze/analyze.ts';
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

test('removes the uploads that a crash has left', () => {
  const folder = tempFolder();
  const left = join(folder, 'song');
  writeFileSync(left, 'RIFF');
  createAnalyze({ limits: LIMITS, folder, async *analyzer() {} });
  expect(existsSync(left)).toBe(false);
});
