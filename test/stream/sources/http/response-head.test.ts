import { BlockList } from 'node:net';
import { expect, test } from 'vitest';
import { publicOnly } from '../../../../src/stream/sources/http/address-guard.ts';
import { strictResponse } from '../../../../src/stream/sources/http/response-head.ts';
import { httpSource } from '../../../../src/stream/sources/http.ts';
import { sine } from '../../../support/audio.ts';
import { collect, sameSamples } from '../../../support/collect.ts';
import { answerOf, rawServer } from '../../../support/raw-server.ts';
import { encodeWav } from '../../../support/wav.ts';

const samples = sine(440, 2, 16_000).map((value) => Math.round(value * 32_768) / 32_768);
const wav = Buffer.from(encodeWav(samples, { sampleRateHz: 16_000, channels: 1, encoding: 's16' }));
const chunked = (lineEnd = '\r\n') =>
  Buffer.concat([Buffer.from(`${wav.length.toString(16)}\r\n`), wav, Buffer.from(`\r\n0${lineEnd}\r\n`)]);
const TYPE = 'Content-Type: audio/wav';

const read = (url: string, options = {}) =>
  collect(httpSource(url, { paced: false, ...options }).open(new AbortController().signal));

test.each<[what: string, answer: Buffer]>([
  ['SHOUTcast 1', answerOf(['ICY 200 OK', 'icy-notice1:<BR>x', 'content-type:audio/wav', 'icy-br:128'], wav)],
  ['bare line feeds', answerOf(['HTTP/1.0 200 OK', TYPE, 'icy-name: x'], wav, '\n')],
  ['a line without a colon', answerOf(['HTTP/1.0 200 OK', TYPE, 'icy-name x', 'icy-br:128'], wav)],
  ['a space before a colon', answerOf(['HTTP/1.0 200 OK', TYPE, 'icy-name : x'], wav)],
  ['a space within a name', answerOf(['HTTP/1.0 200 OK', TYPE, 'icy name: x'], wav)],
  ['control characters', answerOf(['HTTP/1.0 200 OK', TYPE, 'icy-name: a\x01\x02\0b'], wav)],
  ['Latin-1', answerOf(['HTTP/1.0 200 OK', TYPE, 'icy-name: \xd6sterreich \xff'], wav)],
  ['a folded line', answerOf(['HTTP/1.0 200 OK', TYPE, 'icy-name: a', '\tb'], wav)],
  ['no reason', answerOf(['HTTP/1.0 200', TYPE], wav)],
  ['no version', answerOf(['HTTP 200 OK', TYPE], wav)],
  ['early hints', answerOf(['HTTP/1.1 103 Early Hints', '', 'HTTP/1.1 200 OK', TYPE], wav)],
  ['an empty line first', answerOf(['', 'HTTP/1.1 200 OK', TYPE], wav)],
  ['no fields', answerOf(['HTTP/1.0 200 OK'], wav)],
  [
    'a length beside chunks',
    answerOf(['HTTP/1.1 200 OK', TYPE, 'Content-Length: 5', 'Transfer-Encoding: chunked'], chunked()),
  ],
  ['chunks that are none', answerOf(['HTTP/1.1 200 OK', TYPE, 'Transfer-Encoding: chunked'], wav)],
  ['two lengths', answerOf(['HTTP/1.1 200 OK', TYPE, 'Content-Length: 5', 'Content-Length: 7'], wav)],
  ['a length that is none', answerOf(['HTTP/1.1 200 OK', TYPE, 'Content-Length: -1'], wav)],
])('%s is read', async (_what, answer) => {
  const base = await rawServer(() => answer);
  expect(sameSamples((await read(base)).samples, samples)).toBe(true);
});

test('a head may arrive byte by byte', async () => {
  const answer = answerOf(['ICY 200 OK', 'icy-name : x', 'Transfer-Encoding: chunked'], chunked());
  const base = await rawServer(() => async (socket) => {
    socket.setNoDelay(true);
    for (const byte of answer.subarray(0, 80)) {
      socket.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    socket.end(answer.subarray(80));
  });
  expect(sameSamples((await read(base)).samples, samples)).toBe(true);
});

test('a strict head is the same for every cut', () => {
  const answer = 'ICY 200 OK\nA : b\nno colon\nTransfer-Encoding: chunked\n\n5\r\nhello';
  const strict = 'HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello';
  for (let length = 0; length <= answer.length; length++) {
    const part = strictResponse(answer.slice(0, length));
    if (part !== undefined) expect(strict.startsWith(part)).toBe(true);
  }
  expect(strictResponse(answer)).toBe(strict);
});

test.each<[what: string, answer: string, message: RegExp]>([
  ['SSH', 'SSH-2.0-OpenSSH_9.6\r\n', /an SSH server answers there; check the port/],
  ['SMTP', '220 mail.example ESMTP\r\n', /a mail or FTP server/],
  ['TLS', '\x15\x03\x01\x00\x02\x02\x28', /expects https:/],
  ['nothing', '', /closes the connection without an answer/],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-Ty', /within the head of its answer/],
  ['audio without a head', 'OggS\0\x02', /does not use HTTP/],
  ['a head without end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`, /head of its answer is too long/],
])('%s is blamed, not the network', async (_what, answer, message) => {
  const base = await rawServer(() => Buffer.from(answer, 'latin1'));
  const error = await read(base).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'unreachable', message: expect.stringMatching(message) });
  expect((error as Error).message).not.toContain('the network');
});

test('https: to a server without TLS is blamed, not the network', async () => {
  const base = await rawServer(() => answerOf(['HTTP/1.1 400 Bad Request'], Buffer.alloc(0)));
  await expect(read(base.replace('http:', 'https:'))).rejects.toMatchObject({
    message: expect.stringMatching(/does not use https: there; try the address with http:/),
  });
});

test('a server that never ends its head runs into the timeout', async () => {
  const base = await rawServer(() => (socket) => void socket.write('ICY 200 OK\r\nicy-name: x\r\n'));
  await expect(read(base, { timeoutMs: 50 })).rejects.toMatchObject({
    message: expect.stringContaining('no answer within 0.05 s'),
  });
});

test('the guard checks names and redirects of such servers, too', async () => {
  const base = await rawServer(() => answerOf(['ICY 200 OK'], wav));
  const { port } = new URL(base);
  const guard = publicOnly();
  await expect(read(`http://localhost:${port}/`, { guard })).rejects.toMatchObject({
    code: 'forbidden-address',
  });
  const door = await rawServer(() => answerOf([`ICY 302 Found`, `Location : http://[::1]:${port}/`], wav));
  const allowed = new BlockList();
  allowed.addAddress('127.0.0.1');
  await expect(read(door, { guard: publicOnly(allowed) })).rejects.toMatchObject({
    code: 'forbidden-address',
  });
});
