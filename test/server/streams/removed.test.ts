import { BlockList } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../../src/client/index.ts';
import { droppedStreams } from '../../../src/server/streams/dropped-streams.ts';
import type { OpenStream, StreamPlan } from '../../../src/server/streams/stream-manager.ts';
import type { LiveMessage, StreamInfo } from '../../../src/types.ts';
import { endRun, openLog, querySql, writeRun } from '../../log/open-log.ts';
import {
  Client,
  call,
  frameOf,
  manualSource,
  sender,
  startServer,
  tempFolder,
  tone,
  until,
} from '../support.ts';

const remote = { schemes: ['demo:'], folders: [], privateNetworks: new BlockList() };
const plan = (...streams: StreamPlan['streams']): StreamPlan => ({
  ...{ streams, alerts: [], keep: undefined, remote },
});
const open: OpenStream = async ({ source }) => ({ source: manualSource(source).source });

/** Types of the messages about a stream, with why it stopped and its new name. */
const course = (client: Client, stream: string) =>
  client.messages
    .filter((message) => message.stream === stream && message.type !== 'emotion')
    .map(({ type, because, renamedTo }) => [type, because ?? renamedTo].filter(Boolean).join(' '));

const RULES = [{ name: 'quiet', when: 'silence', for: '10s' }];

describe('a removed stream', () => {
  test('is announced to those who watch it, after its last message, and is no longer listed', async () => {
    const server = await startServer({ open, plan: plan() });
    for (const name of ['booth', 'room']) await call(server, 'POST', 'v1/streams', { name, source: 'demo:' });
    const all = await new Client(server, '/v1/live').opened();
    const other = await new Client(server, '/v1/live?streams=room').opened();
    await all.received('hello');
    await other.received('hello');
    expect((await call(server, 'DELETE', 'v1/streams/booth')).status).toBe(204);
    const [notice] = await all.received('stream-removed');
    expect(notice).toEqual({ type: 'stream-removed', stream: 'booth', time: expect.any(String) });
    expect(course(all, 'booth').slice(-2)).toEqual(['stream-stopped removed', 'stream-removed']);
    expect(server.hub.list().map(({ stream }) => stream)).toEqual(['room']);
    // The log still has it.
    expect((await call(server, 'GET', 'v1/streams/booth')).body).toMatchObject({ state: 'stopped' });
    const { events } = (await call(server, 'GET', 'v1/streams/booth/events')).body;
    expect(events.at(-1)).toMatchObject({ type: 'stream-stopped', because: 'removed' });

    await call(server, 'DELETE', 'v1/streams/room');
    expect((await other.received('stream-removed')).map(({ stream }) => stream)).toEqual(['room']);
  });

  test('is in the hello of those who connect later, until it is there again', async () => {
    const server = await startServer({ open, plan: plan() });
    await call(server, 'POST', 'v1/streams', { name: 'booth', source: 'demo:' });
    await call(server, 'DELETE', 'v1/streams/booth');
    const helloOf = async (path: string) => {
      const client = await new Client(server, path).opened();
      return (await client.received('hello'))[0];
    };
    expect((await helloOf('/v1/live')).removed).toEqual([
      { type: 'stream-removed', stream: 'booth', time: expect.any(String) },
    ]);
    expect(await helloOf('/v1/live?streams=room')).not.toHaveProperty('removed');
    await call(server, 'POST', 'v1/streams', { name: 'booth', source: 'demo:' });
    expect(await helloOf('/v1/live')).not.toHaveProperty('removed');
  });

  test('of a sender tells the sender why, and can be removed after its end too', async () => {
    const server = await startServer({ open, plan: plan() });
    const live = await new Client(server, '/v1/live').opened();
    await live.received('hello');
    const mic = await sender(server, 'mic');
    await mic.received('ready');
    expect((await call(server, 'DELETE', 'v1/streams/mic')).status).toBe(204);
    expect((await mic.received('error'))[0]).toMatchObject({ message: 'The stream was removed.' });

    const again = await sender(server, 'mic');
    await again.received('ready');
    again.socket.send(tone(1));
    again.socket.close();
    await until(() => course(live, 'mic').includes('stream-stopped ended'), 'the end');
    expect(server.hub.get('mic')).toMatchObject({ state: 'stopped', because: 'ended' });
    expect((await call(server, 'DELETE', 'v1/streams/mic')).status).toBe(204);
    await live.received('stream-removed', 2);
    expect(server.hub.list()).toEqual([]);
    expect((await call(server, 'DELETE', 'v1/streams/mic')).status).toBe(404);
  });

  test('follows what is replayed of it', async () => {
    const server = await startServer({ open, plan: plan() });
    const mic = await sender(server, 'mic');
    await mic.received('ready');
    for (let second = 0; second < 30; second++) mic.socket.send(tone(1));
    await until(() => server.hub.get('mic')?.last?.seq === 59, 'the frames');
    const late = new Client(server, '/v1/live?since=-1');
    await late.received('hello');
    await call(server, 'DELETE', 'v1/streams/mic');
    await late.received('stream-removed');
    expect(late.seqs).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(course(late, 'mic').slice(-2)).toEqual(['stream-stopped removed', 'stream-removed']);
  });
});

test('a session cannot start on a stream after it was removed or renamed, until it is there again', async () => {
  const server = await startServer({ open, plan: plan() });
  for (const name of ['booth', 'room']) await call(server, 'POST', 'v1/streams', { name, source: 'demo:' });
  const before = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const session = (stream: string, startedAt?: string) =>
    call(server, 'POST', 'v1/sessions', { stream, ...(startedAt !== undefined && { startedAt }) });
  await call(server, 'DELETE', 'v1/streams/booth');
  await call(server, 'PATCH', 'v1/streams/room', { name: 'stage' });
  expect(await session('booth')).toMatchObject({
    status: 409,
    body: { code: 'stream-removed', detail: expect.stringContaining('"booth" was removed') },
  });
  expect(await session('room')).toMatchObject({
    status: 409,
    body: { code: 'stream-removed', detail: expect.stringContaining('is now called "stage"') },
  });
  // A press from before, which arrives late.
  expect(await session('booth', before)).toMatchObject({ status: 201, body: { startedAt: before } });
  expect((await session('stage')).status).toBe(201);
  await call(server, 'POST', 'v1/streams', { name: 'booth', source: 'demo:' });
  expect((await session('booth')).status).toBe(201);
});

describe('a stream that is not there after a restart', () => {
  test('was removed if it was permanent, and not if a client sent it', async () => {
    const dataDir = tempFolder();
    const entry = (name: string) => ({ name, source: 'demo:' });
    const first = await startServer({
      ...{ dataDir, open, plan: plan(entry('booth'), entry('room')) },
      sources: [{ name: 'line', source: manualSource().source }],
    });
    await call(first, 'POST', 'v1/streams', entry('added'));
    const mic = await sender(first, 'mic');
    await mic.received('ready');
    await first.close();

    const second = await startServer({ dataDir, open, plan: plan(entry('room')) });
    const removedIn = async () => {
      const client = await new Client(second, '/v1/live').opened();
      const [hello] = await client.received('hello');
      return hello.removed?.map(({ stream }: StreamInfo) => stream);
    };
    expect(await removedIn()).toEqual(['line', 'booth']);
    await call(second, 'POST', 'v1/streams', entry('line'));
    expect(await removedIn()).toEqual(['booth']);
    await call(second, 'PATCH', 'v1/streams/line', { name: 'stage' });
    await second.close();

    // Also two restarts later, and what was renamed is followed.
    const third = await startServer({ dataDir, open, plan: plan(entry('room')) });
    const dropped = third.hub.removed;
    expect(dropped.map(({ stream, renamedTo }) => [stream, renamedTo])).toEqual([
      ['booth', undefined],
      ['line', 'stage'],
    ]);
    await third.close();
    const fourth = await startServer({ dataDir, open, plan: plan(entry('room')) });
    expect(fourth.hub.removed).toEqual(dropped);
    expect(fourth.hub.get('stage')?.formerly).toHaveLength(1);
  });

  test('is forgotten after a month, and beyond the newest', () => {
    const log = openLog();
    const day = 86_400_000;
    for (const [i, stream] of ['old', 'a', 'b', 'c', 'erased'].entries()) {
      const frame = frameOf(stream, 0, i * 20 * day);
      endRun(log, writeRun(log, [frame]), frame);
    }
    querySql(log, "UPDATE runs SET source = '' WHERE id = 5");
    const dropped = (limit: number, nowMs: number) =>
      droppedStreams(log, ['c'], { limit, nowMs }).map(({ stream, time }) => [
        stream,
        Date.parse(time) / day,
      ]);
    expect(dropped(64, 45 * day)).toEqual([
      ['a', 20],
      ['b', 40],
    ]);
    expect(dropped(64, 51 * day)).toEqual([['b', 40]]);
    expect(dropped(1, 45 * day)).toEqual([['b', 40]]);
  });
});

describe('a renamed stream', () => {
  test('goes on under its new name with its rules, and is announced', async () => {
    const dataDir = tempFolder();
    const server = await startServer({ dataDir, open, plan: plan() });
    await call(server, 'POST', 'v1/streams', { name: 'booth', source: 'demo:?seed=3' });
    await call(server, 'POST', 'v1/streams', { name: 'room', source: 'demo:' });
    await call(server, 'PUT', 'v1/streams/booth/alerts', { rules: RULES });
    const live = await new Client(server, '/v1/live').opened();
    await live.received('hello');
    const renamed = await call(server, 'PATCH', 'v1/streams/booth', { name: 'stage' });
    expect(renamed).toMatchObject({
      status: 200,
      body: { stream: 'stage', source: 'demo:?seed=3', state: 'running' },
    });
    const [notice] = await live.received('stream-removed');
    expect(notice).toMatchObject({ stream: 'booth', renamedTo: 'stage' });
    expect(course(live, 'booth').slice(-2)).toEqual(['stream-stopped renamed', 'stream-removed stage']);
    await until(() => course(live, 'stage').includes('stream-started'), 'the start');
    expect((await call(server, 'GET', 'v1/streams/stage/alerts')).body).toEqual({
      rules: RULES,
      from: 'api',
    });
    expect((await call(server, 'GET', 'v1/streams/booth/alerts')).body).toEqual({
      rules: [],
      from: 'config',
    });

    expect(await call(server, 'PATCH', 'v1/streams/stage', { name: 'room' })).toMatchObject({
      status: 409,
      body: { code: 'stream-busy' },
    });
    expect(await call(server, 'PATCH', 'v1/streams/stage', { name: 'stage' })).toMatchObject({
      status: 200,
      body: { stream: 'stage' },
    });
    expect((await call(server, 'PATCH', 'v1/streams/stage', { name: 'Stage' })).status).toBe(400);
    expect((await call(server, 'PATCH', 'v1/streams/none', { name: 'other' })).status).toBe(404);
    await server.close();
    // It is stored.
    const again = await startServer({ dataDir, open, plan: plan() });
    await until(() => again.hub.running === 2, 'the streams');
    // As are the names before, under which the log has its frames.
    const formerly = [{ stream: 'booth', since: null, until: notice.time }];
    expect((await call(again, 'GET', 'v1/streams/stage')).body.formerly).toEqual(formerly);
    const later = await new Client(again, '/v1/live?streams=stage,room').opened();
    const [{ streams }] = await later.received('hello');
    expect(Object.fromEntries(streams.map((one: StreamInfo) => [one.stream, one.formerly]))).toEqual({
      stage: formerly,
      room: undefined,
    });
    expect(
      again.hub
        .list()
        .map(({ stream }) => stream)
        .sort(),
    ).toEqual(['room', 'stage']);
  });

  test('of the configuration or of a sender keeps its name', async () => {
    const server = await startServer({ open, plan: plan({ name: 'fixed', source: 'demo:' }) });
    await until(() => server.hub.isRunning('fixed'), 'the stream');
    const mic = await sender(server, 'mic');
    await mic.received('ready');
    for (const [name, code] of [
      ['fixed', 'configured'],
      ['mic', 'not-added'],
    ])
      expect(await call(server, 'PATCH', `v1/streams/${name}`, { name: 'other' })).toMatchObject({
        status: 409,
        body: { code },
      });
    expect(server.hub.running).toBe(2);
  });
});

test('a reload announces what is gone, what has another name, and not what starts again', async () => {
  const stream = (name: string, seed: number) => ({ name, source: `demo:?seed=${seed}` });
  const server = await startServer({
    open,
    plan: plan(stream('same', 1), stream('gone', 2), stream('old', 3), stream('other', 4)),
  });
  await until(() => server.hub.running === 4, 'the streams');
  const live = await new Client(server, '/v1/live').opened();
  await live.received('hello');
  const next = plan(stream('same', 1), stream('new', 3), stream('other', 5));
  await server.reload({ plan: next, webhooks: [], access: {}, tls: undefined });
  await live.received('stream-removed', 2);
  await until(() => course(live, 'other').includes('stream-started'), 'the restart');
  expect(course(live, 'gone')).toEqual(['stream-stopped removed', 'stream-removed']);
  expect(course(live, 'old')).toEqual(['stream-stopped renamed', 'stream-removed new']);
  expect(course(live, 'other')).toEqual(['stream-stopped changed', 'stream-started']);
  expect(course(live, 'same')).toEqual([]);
  // Two of the same source: which one became which is not known.
  const twice = plan(stream('a', 7), stream('b', 7));
  await server.reload({ plan: twice, webhooks: [], access: {}, tls: undefined });
  await server.reload({
    plan: plan(stream('c', 7), stream('d', 7)),
    webhooks: [],
    access: {},
    tls: undefined,
  });
  await until(() => live.of('stream-removed').some(({ stream }) => stream === 'b'), 'the end of both');
  expect(course(live, 'a').at(-1)).toBe('stream-removed');
  await server.close();
  expect(live.of('stream-stopped').at(-1)).toMatchObject({ because: 'shutdown' });
});

test('a client forgets a removed stream, and receives one that has its name later from the start', async () => {
  const server = await startServer({ open, plan: plan() });
  const seen: LiveMessage[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const message of createClient({ url: server.url }).live({ signal: stop.signal }))
      seen.push(message);
  })();
  const types = () => seen.flatMap((message) => (message.type === 'emotion' ? message.seq : message.type));
  await until(() => types().includes('hello'), 'the hello');
  for (let round = 0; round < 2; round++) {
    const mic = await sender(server, 'mic');
    await mic.received('ready');
    mic.socket.send(tone(1));
    await until(() => server.hub.get('mic')?.last?.seq === 1, 'the frames');
    await call(server, 'DELETE', 'v1/streams/mic');
  }
  await until(() => types().filter((type) => type === 'stream-removed').length === 2, 'both notices');
  const once = ['stream-started', 0, 1, 'stream-stopped', 'stream-removed'];
  expect(types()).toEqual(['hello', ...once, ...once]);
  stop.abort();
  await reading;
});

test('a client that connects again with what it has of a removed stream gets the rest, and the notice after it', async () => {
  const server = await startServer({ open, plan: plan() });
  const mic = await sender(server, 'mic');
  await mic.received('ready');
  mic.socket.send(tone(2));
  await until(() => server.hub.get('mic')?.last?.seq === 3, 'the frames');
  await call(server, 'DELETE', 'v1/streams/mic');
  const back = new Client(server, '/v1/live?since=mic:1');
  await back.received('stream-removed');
  expect(back.seqs).toEqual([2, 3]);
  expect(course(back, 'mic').slice(-2)).toEqual(['stream-stopped removed', 'stream-removed']);
  // Not where the stream is there again.
  const again = await sender(server, 'mic');
  await again.received('ready');
  again.socket.send(tone(1));
  await until(() => server.hub.get('mic')?.last?.seq === 1, 'the new frames');
  const late = new Client(server, '/v1/live?since=mic:1:1');
  await until(() => late.seqs.length === 4, 'both runs');
  again.socket.send(tone(1));
  await until(() => late.seqs.length === 6, 'new frames');
  expect(late.of('stream-removed')).toEqual([]);
});
