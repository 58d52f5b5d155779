import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sinkEntry } from '../../src/sinks/sink-entry.ts';
import { createStreamSinks } from '../../src/sinks/stream-sinks.ts';
import type { StreamMessage } from '../../src/types.ts';
import { frameOf, tempFolder, until } from '../server/support.ts';
import { collectingLogger, FAST } from './support.ts';

/** Receives values, and lists them as `STREAM@SECONDS` with the values. */
async function receiver() {
  const received: [place: string, values: unknown][] = [];
  const server = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const { stream, t, values } = JSON.parse(body).data;
      received.push([`${stream}@${t}`, values]);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const entry = sinkEntry.parse({
    sink: `webhook:http://127.0.0.1:${port}/`,
    values: [{ value: 'valence' }, { value: 'arousal', on: 0.5 }],
  });
  return { received, entry };
}

function openSinks() {
  const sinks = createStreamSinks({ logger: collectingLogger().logger, ...FAST });
  onTestFinished(() => sinks.close());
  const write = (message: StreamMessage) => sinks.write({ message, run: 1, seq: 0, json: new Uint8Array(0) });
  return { sinks, write };
}

const playing = (stream: string) => ({ ...frameOf(stream, 0), valence: 0.25, arousal: 0.75 });
const stopped = (stream: string): StreamMessage => ({
  ...{ type: 'stream-stopped', stream, t: 2, time: new Date().toISOString(), message: 'The source ended.' },
});
const LAST = { valence: null, arousal: 0 };

test('ends a stream at the sinks that it leaves, and not again when it stops', async () => {
  const { received, entry } = await receiver();
  const { sinks, write } = openSinks();
  sinks.set({ forAll: [{ entry }], own: new Map() });
  for (const stream of ['a', 'b', 'c']) write(playing(stream));
  sinks.set({ forAll: [{ entry }], own: new Map([['b', []]]) });
  // Where a stream was not sent, its stop sends nothing.
  sinks.set({ forAll: [{ entry }], own: new Map() });
  write(stopped('b'));
  write(stopped('c'));
  await sinks.drained();
  expect(received.slice(3)).toEqual([
    ['b@0.5', LAST],
    ['c@2', LAST],
  ]);
  write(playing('b'));
  await sinks.drained();
  expect(received.at(-1)).toEqual(['b@0.5', { valence: 0.25, arousal: 1 }]);
});

test('sends that a stream has no values while its source is lost, and not again when it stops', async () => {
  const { received, entry } = await receiver();
  const { sinks, write } = openSinks();
  sinks.set({ forAll: [{ entry }], own: new Map() });
  write(playing('a'));
  write({ ...stopped('a'), type: 'source-lost', message: 'The broadcast was interrupted.' });
  await sinks.drained();
  expect(received.at(-1)).toEqual(['a@2', LAST]);
  write(playing('a'));
  write({ ...stopped('a'), type: 'source-lost', message: 'The broadcast was interrupted.' });
  write(stopped('a'));
  await sinks.drained();
  expect(received.slice(2)).toEqual([
    ['a@0.5', { valence: 0.25, arousal: 1 }],
    ['a@2', LAST],
  ]);
});

test('ends the streams of a sink that closes', async () => {
  const { received, entry } = await receiver();
  const { sinks, write } = openSinks();
  sinks.set({ forAll: [{ entry }], own: new Map() });
  for (const stream of ['a', 'b']) write(playing(stream));
  sinks.set({ forAll: [], own: new Map() });
  await until(() => received.length === 4, 'the last values of both');
  expect(received.slice(2)).toEqual([
    ['a@0.5', LAST],
    ['b@0.5', LAST],
  ]);
});

test('a file continues without a failure after other options replaced its sink', async () => {
  const path = join(tempFolder(), 'frames.ndjson');
  const { sinks, write } = openSinks();
  for (const [keep, seq] of [
    [2, 0],
    [3, 1],
  ] as const) {
    sinks.set({
      forAll: [{ entry: sinkEntry.parse({ sink: `file:${path}?keep=${keep}` }) }],
      own: new Map(),
    });
    write(frameOf('a', seq));
  }
  await sinks.close();
  expect(sinks.all[0]!.status).toMatchObject({ delivered: 1, failures: 0 });
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(2);
});

test('counts what a sink that was removed could not send any more', async () => {
  const silent = createServer(); // Accepts requests and never answers.
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const { sinks, write } = openSinks();
  const entry = sinkEntry.parse({ sink: `webhook:http://127.0.0.1:${port}/` });
  sinks.set({ forAll: [{ entry }], own: new Map() });
  for (let seq = 0; seq < 3; seq++) write(frameOf('booth', seq));
  expect(sinks.counts()).toEqual({ queued: 3, dropped: 0 });
  sinks.set({ forAll: [], own: new Map() });
  // With the end of the stream.
  await until(() => sinks.counts()!.dropped === 4, 'the end of the sink');
});
