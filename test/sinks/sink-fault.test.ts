import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claim } from '../../src/sinks/kinds/claim.ts';
import { post, rejectionOf } from '../../src/sinks/kinds/http-post.ts';
import { RotatingFile } from '../../src/sinks/kinds/rotating-file.ts';
import { connectUdp } from '../../src/sinks/kinds/udp.ts';
import { faultOf, SinkFault } from '../../src/sinks/sink-fault.ts';
import { ForbiddenAddress } from '../../src/stream/sources/http/address-guard.ts';

/** The fault that the code below is stopped by. */
async function faultIn(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    const { message, code, values } = faultOf(error);
    return { message, code, ...(values && { values }) };
  }
}

test('the kinds of sinks throw faults with codes and values', async () => {
  const answered = { status: 401, text: '{"message":"no such token"}' };
  expect(await faultIn(() => rejectionOf(answered))).toEqual({
    message: 'it answered 401: no such token',
    code: 'http-status',
    values: { status: 401 },
  });
  const free = await claim('a thing');
  expect(await faultIn(() => claim('a thing'))).toEqual({
    message: 'another sink writes there',
    code: 'in-use',
  });
  free();
  const elsewhere = { guard: undefined, multicastFrom: '192.0.2.1' };
  expect(await faultIn(() => connectUdp({ host: '127.0.0.1', port: 9 }, elsewhere))).toEqual({
    message: 'this computer has no address 192.0.2.1',
    code: 'no-address',
    values: { address: '192.0.2.1' },
  });
});

test('a receiver that does not answer is a fault with the time', async () => {
  const server = createServer(() => {});
  onTestFinished(() => void server.close());
  onTestFinished(() => server.closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const options = { headers: {}, body: '', guard: undefined, signal: new AbortController().signal };
  expect(await faultIn(() => post(url, { ...options, timeoutMs: 500 }))).toEqual({
    message: 'no answer within 0.5 s',
    code: 'timeout',
    values: { seconds: 0.5 },
  });
});

test('files throw faults with codes and values, too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const openFile = (path: string) =>
    faultIn(() =>
      new RotatingFile({
        path,
        header: 'time,valence\n',
        daily: false,
        isOwn: () => false,
        maxBytes: 1e6,
        keep: 1,
      }).open(),
    );
  expect(await openFile(join(folder, 'none', 'a.csv'))).toEqual({
    message: `the folder ${join(folder, 'none')} does not exist`,
    code: 'no-folder',
    values: { path: join(folder, 'none') },
  });
  const path = join(folder, 'a.csv');
  writeFileSync(path, 'own notes\n');
  expect(await openFile(path)).toEqual({
    message: `${path} has other content: move it away or choose another path`,
    code: 'other-content',
    values: { path },
  });
});

test.each([
  [
    new ForbiddenAddress('10.0.0.1'),
    'forbidden-address',
    'its address is in a private network',
    'its address is in a private network',
  ],
  [
    Object.assign(new Error('connect ECONNREFUSED ::1:9'), { code: 'ECONNREFUSED' }),
    'ECONNREFUSED',
    'ECONNREFUSED',
    'no program receives at its address',
  ],
  [
    Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }),
    'EPIPE',
    'EPIPE',
    'the receiver has closed the connection',
  ],
  [
    new AggregateError([Object.assign(new Error(), { code: 'ENETUNREACH' })]),
    'ENETUNREACH',
    'ENETUNREACH',
    'there is no route to it',
  ],
  [
    Object.assign(new Error('Connection refused: Not authorized'), { code: 5 }),
    undefined,
    'Connection refused: Not authorized',
    'Connection refused: Not authorized',
  ],
  [new Error(''), undefined, 'it cannot be reached', 'it cannot be reached'],
  [Object.assign(new Error(), { code: 'EUNKNOWN' }), 'EUNKNOWN', 'EUNKNOWN', 'EUNKNOWN'],
])('the error %o is a fault with a code and words', (error, code, message, words) => {
  expect(faultOf(error)).toBeInstanceOf(SinkFault);
  expect(faultOf(error)).toMatchObject({ code, message, words });
});
