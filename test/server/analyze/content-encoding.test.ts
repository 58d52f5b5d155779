import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { frameOf, startServer, tempFolder } from '../support.ts';

const LIMIT = 100_000;
const song = Buffer.from('la'.repeat(1000));

async function serverThatReads() {
  const uploads: Buffer[] = [];
  const dataDir = tempFolder();
  const server = await startServer({
    dataDir,
    limits: { analyzeBytes: LIMIT },
    analyzer: async function* (path) {
      uploads.push(readFileSync(path));
      yield [frameOf('analyze', 0)];
    },
  });
  const send = async (encoding: string, body: Uint8Array, type = 'audio/wav') => {
    const headers = { 'Content-Type': type, ...(encoding && { 'Content-Encoding': encoding }) };
    const response = await fetch(`${server.url}v1/analyze`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    });
    const { code, detail } = (await response.json()) as { code?: string; detail?: string };
    return { status: response.status, code, detail, headers: response.headers };
  };
  return { send, uploads, dataDir };
}

test.each([
  ['gzip', gzipSync(song)],
  ['x-gzip', gzipSync(song)],
  ['GZIP', gzipSync(song)],
  ['deflate', deflateSync(song)],
  ['deflate', deflateRawSync(song)],
  ['br', brotliCompressSync(song)],
  ['identity', song],
])('an upload with Content-Encoding %s is decompressed', async (encoding, body) => {
  const { send, uploads } = await serverThatReads();
  expect(await send(encoding, body)).toMatchObject({ status: 200 });
  expect(uploads[0]!.equals(song)).toBe(true);
});

test('a compressed form is, too', async () => {
  const { send, uploads } = await serverThatReads();
  const form = `--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n${song}\r\n--b--\r\n`;
  expect(await send('gzip', gzipSync(form), 'multipart/form-data; boundary=b')).toMatchObject({
    status: 200,
  });
  expect(uploads[0]!.equals(song)).toBe(true);
});

test.each([
  ['gzip', gzipSync(Buffer.alloc(50_000_000))],
  ['br', brotliCompressSync(Buffer.alloc(50_000_000))],
])('the limit applies to what %s expands to', async (encoding, bomb) => {
  expect(bomb.length).toBeLessThan(LIMIT);
  const { send, uploads, dataDir } = await serverThatReads();
  expect(await send(encoding, bomb)).toMatchObject({ status: 413, code: 'too-large' });
  expect(uploads).toEqual([]);
  expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
});

test.each(['zstd', 'gzip, gzip', 'compress'])('%s is refused', async (encoding) => {
  const { send } = await serverThatReads();
  const refused = await send(encoding, song);
  expect(refused).toMatchObject({
    status: 415,
    code: 'encoding',
    detail: expect.stringContaining('use one of gzip, deflate, br,'),
  });
  expect(refused.headers.get('accept-encoding')).toBe('gzip, deflate, br');
});

test.each(['gzip', 'br', 'deflate'])('a body that is not %s is refused', async (encoding) => {
  const { send } = await serverThatReads();
  expect(await send(encoding, Buffer.alloc(1000, 0xff))).toMatchObject({ status: 400, code: 'encoding' });
});
