import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OpenStream, StreamPlan } from '../../../src/server/streams/stream-manager.ts';
import { openSource } from '../../../src/stream/sources/index.ts';
import { parseSourceUri } from '../../../src/stream/sources/source-uri.ts';
import type { StreamInfo } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { Client, call, manualSource, startServer, tempFolder, until } from '../support.ts';

const remote = { schemes: ['demo:', 'http:'], folders: [] as string[], privateNetworks: new BlockList() };
const plan = (given: Partial<StreamPlan> = {}): StreamPlan => ({
  streams: [],
  alerts: [],
  keep: undefined,
  remote,
  ...given,
});

/** Opens manual sources; a source with the scheme "bad:" cannot be opened. */
function manualSources() {
  const sources = new Map<string, ReturnType<typeof manualSource>>();
  const opened: string[] = [];
  const open: OpenStream = async ({ name, source }) => {
    if (parseSourceUri(source).scheme === 'bad') throw new UserError('bad-source', 'It is invalid.');
    const manual = manualSource(source);
    sources.set(name, manual);
    opened.push(`${name} ${source}`);
    return { source: manual.source };
  };
  return { open, sources, opened };
}

test('a stream that the server stopped says so, and not that its source ended', async () => {
  const manual = [manualSource(), manualSource()] as const;
  const server = await startServer({
    sources: manual.map(({ source }, i) => ({ name: `s${i}`, source })),
  });
  await manual[0].steps(1);
  await manual[1].steps(1);
  await server.hub.stop('s0');
  expect(server.hub.get('s0')?.message).toBe('The stream was stopped on request.');
  await server.close();
  expect(server.hub.get('s1')?.message).toBe('The server was shut down.');
  // One that ended before keeps its reason.
  expect(server.hub.get('s0')?.message).toBe('The stream was stopped on request.');
});

describe('streams at run time', () => {
  test('are added, restarted with the server, and deleted', async () => {
    const dataDir = tempFolder();
    const first = manualSources();
    const server = await startServer({ dataDir, open: first.open, plan: plan() });
    const added = await call(server, 'POST', 'v1/streams', { name: 'extra', source: 'demo:' });
    expect(added).toMatchObject({
      status: 201,
      body: { stream: 'extra', source: 'demo:', state: 'running', from: 'api' },
    });
    await first.sources.get('extra')!.steps(2);
    expect(await call(server, 'POST', 'v1/streams', { name: 'extra', source: 'demo:' })).toMatchObject({
      status: 409,
      body: { code: 'stream-busy' },
    });
    await server.close();

    const second = manualSources();
    const again = await startServer({ dataDir, open: second.open, plan: plan() });
    await until(() => again.hub.isRunning('extra'), 'the stream after the restart');
    expect((await call(again, 'DELETE', 'v1/streams/extra')).status).toBe(204);
    expect(again.hub.isRunning('extra')).toBe(false);
    expect((await call(again, 'DELETE', 'v1/streams/extra')).status).toBe(404);
    await again.close();
    const third = manualSources();
    await startServer({ dataDir, open: third.open, plan: plan() });
    expect(third.opened).toEqual([]);
  });

  test('an invalid stream is rejected and not stored', async () => {
    const dataDir = tempFolder();
    const server = await startServer({
      dataDir,
      open: manualSources().open,
      plan: plan({ remote: { ...remote, schemes: ['bad:', 'demo:'] } }),
    });
    for (const [body, status, code] of [
      [{ name: 'a', source: 'bad:' }, 422, 'bad-source'],
      [{ name: 'a', source: 'soundcard:' }, 403, 'source-not-allowed'],
      [{ name: 'a', source: 'stdin:' }, 403, 'source-not-allowed'],
      [{ name: 'a', source: 'nonsense' }, 422, 'bad-source'],
      [{ name: 'A', source: 'demo:' }, 400, 'bad-request'],
      [{ name: 'a', source: 'demo:', keep: 'long' }, 400, 'bad-request'],
      [{ name: 'a', source: 'demo:', extra: 1 }, 400, 'bad-request'],
    ] as const)
      expect(await call(server, 'POST', 'v1/streams', body)).toMatchObject({ status, body: { code } });
    expect(server.hub.list()).toEqual([]);
  });

  test('an address of a private network is rejected at once, however it is written', async () => {
    const privateNetworks = new BlockList();
    privateNetworks.addSubnet('192.168.7.0', 24);
    const { open, opened } = manualSources();
    const server = await startServer({
      dataDir: tempFolder(),
      open,
      plan: plan({ remote: { ...remote, privateNetworks } }),
    });
    for (const host of [
      '127.0.0.1:9190',
      '[::ffff:127.0.0.1]',
      '[::1]',
      '2130706433',
      '0x7f.1',
      '169.254.169.254',
      '192.168.8.1',
    ])
      expect(
        await call(server, 'POST', 'v1/streams', { name: 'near', source: `http://${host}/` }),
        host,
      ).toMatchObject({ status: 403, body: { code: 'forbidden-address' } });
    expect(opened).toEqual([]);
    for (const [i, host] of ['192.168.7.1', '1.1.1.1', 'radio.example'].entries())
      expect(
        (await call(server, 'POST', 'v1/streams', { name: `far-${i}`, source: `http://${host}/` })).status,
        host,
      ).toBe(201);
  });

  test('a change that cannot be stored is not made', async () => {
    const dataDir = tempFolder();
    const { open } = manualSources();
    const server = await startServer({ dataDir, open, plan: plan() });
    await call(server, 'POST', 'v1/streams', { name: 'kept', source: 'demo:' });
    mkdirSync(join(dataDir, 'managed.json.new')); // Blocks the new file.
    const refused = { status: 503, body: { code: 'not-kept' } };
    expect(await call(server, 'POST', 'v1/streams', { name: 'extra', source: 'demo:' })).toMatchObject(
      refused,
    );
    expect(server.hub.isRunning('extra')).toBe(false);
    expect(await call(server, 'DELETE', 'v1/streams/kept')).toMatchObject(refused);
    expect(server.hub.isRunning('kept')).toBe(true);
    const rules = [{ name: 'quiet', when: 'silence', for: '10s' }];
    expect(await call(server, 'PUT', 'v1/streams/constructor/alerts', { rules })).toMatchObject(refused);
    expect(await call(server, 'GET', 'v1/streams/constructor/alerts')).toMatchObject({
      status: 200,
      body: { rules: [], from: 'config' },
    });
  });

  test('files are opened from the allowed folders only, whatever the path', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'music'));
    mkdirSync(join(folder, 'music-private'));
    for (const file of ['music/song.wav', 'music-private/song.wav', 'secret.wav'])
      writeFileSync(join(folder, file), '');
    symlinkSync(join(folder, 'secret.wav'), join(folder, 'music', 'link.wav'));
    const manual = manualSources();
    const server = await startServer({
      open: manual.open,
      plan: plan({ remote: { ...remote, folders: [join(folder, 'music')] } }),
    });
    const music = join(folder, 'music');
    for (const path of [
      '/etc/passwd',
      `${music}/../secret.wav`,
      `${music}/link.wav`,
      `${music}-private/song.wav`,
      `//${folder}/secret.wav`,
      `//elsewhere${music}/song.wav`,
      `${music}/none.wav`,
      `${music}`,
      'song.wav',
      `${music}/song.wav\0`,
    ]) {
      const answer = await call(server, 'POST', 'v1/streams', { name: 'a', source: `file:${path}` });
      expect({ path, ...answer }).toMatchObject({ path, status: 403, body: { code: 'source-not-allowed' } });
      expect(answer.body.detail).not.toContain(folder);
    }
    for (const [name, path] of [
      ['a', `${music}/./song.wav`],
      ['b', `//${music}/s%6Fng.wav`],
    ]) {
      const source = `file:${path}?loop=1`;
      expect((await call(server, 'POST', 'v1/streams', { name, source })).status).toBe(201);
    }
    const song = `file:${join(music, 'song.wav')}?loop=1`;
    expect(manual.opened).toEqual([`a ${song}`, `b ${song}`]);
  });

  test('a file has the options that it has in the configuration, and no others', async () => {
    const music = tempFolder();
    const song = join(music, 'song.wav');
    writeFileSync(song, '');
    const manual = manualSources();
    const server = await startServer({
      open: async (entry, policy) => {
        openSource(entry.source);
        return manual.open(entry, policy);
      },
      plan: plan({ remote: { ...remote, folders: [music] } }),
    });
    const add = (name: string, options: string) =>
      call(server, 'POST', 'v1/streams', { name, source: `file:${song}${options}` });
    for (const [name, options] of [
      ['a', '?loop=true'],
      ['b', '?loop=0'],
    ] as const)
      expect(await add(name, options)).toMatchObject({
        status: 201,
        body: { source: `file:${song}${options}` },
      });
    for (const [options, reason] of [
      ['?loop=yes', 'has loop=yes: expected 1 or 0.'],
      ['?loop=1&seed=2', 'has an unknown option "seed": expected loop.'],
    ] as const)
      expect(await add('c', options)).toMatchObject({
        status: 422,
        body: { code: 'bad-source', detail: `"file:${song}${options}" ${reason}` },
      });
  });

  test('of the configuration cannot be deleted; those of senders can', async () => {
    const server = await startServer({
      open: manualSources().open,
      plan: plan({ streams: [{ name: 'fixed', source: 'demo:' }] }),
    });
    await until(() => server.hub.isRunning('fixed'), 'the stream');
    expect(await call(server, 'DELETE', 'v1/streams/fixed')).toMatchObject({
      status: 409,
      body: { code: 'configured' },
    });
    const sender = await new Client(server, '/v1/streams/mic/audio').opened();
    sender.socket.send('{"type":"hello","format":"s16le","sampleRate":8000,"channels":1}');
    await sender.received('ready');
    expect((await call(server, 'DELETE', 'v1/streams/mic')).status).toBe(204);
    expect((await sender.closed).code).toBe(1011);
  });

  test('are listed with where they are set', async () => {
    const server = await startServer({
      open: manualSources().open,
      plan: plan({ streams: [{ name: 'fixed', source: 'demo:' }] }),
      sources: [{ name: 'line', source: manualSource().source }],
    });
    await call(server, 'POST', 'v1/streams', { name: 'extra', source: 'demo:' });
    await until(() => server.hub.running === 3, 'three streams');
    const { streams } = (await call(server, 'GET', 'v1/streams')).body;
    const from = new Map(streams.map((one: StreamInfo) => [one.stream, one.from]));
    expect(Object.fromEntries(from)).toEqual({ fixed: 'config', extra: 'api', line: undefined });
    expect((await call(server, 'GET', 'v1/streams/fixed')).body).toMatchObject({ from: 'config' });
  });
});

describe('a reload', () => {
  test('continues unchanged streams without a gap, and starts, restarts and stops the others', async () => {
    const manual = manualSources();
    const before = plan({
      streams: [
        { name: 'same', source: 'demo:' },
        { name: 'other', source: 'demo:' },
        { name: 'gone', source: 'demo:' },
      ],
    });
    const server = await startServer({ open: manual.open, plan: before });
    await until(() => server.hub.running === 3, 'three streams');
    await manual.sources.get('same')!.steps(5);
    const { run } = server.hub.get('same')!;
    const next = plan({
      streams: [
        { name: 'same', source: 'demo:', keep: '90d', alerts: [] },
        { name: 'other', source: 'demo:?seed=2' },
        { name: 'new', source: 'demo:' },
      ],
    });
    await server.reload({ plan: next, webhooks: [], access: {}, tls: undefined });
    await until(() => server.hub.running === 3, 'three streams again');
    await manual.sources.get('same')!.steps(3);
    expect(server.hub.get('same')).toMatchObject({ run, last: { seq: 7 } });
    expect(server.hub.get('gone')).toBeUndefined();
    expect(manual.opened).toEqual([
      'same demo:',
      'other demo:',
      'gone demo:',
      'other demo:?seed=2',
      'new demo:',
    ]);
  });

  test('a stream that fails is restarted', async () => {
    const manual = manualSources();
    const server = await startServer({
      open: manual.open,
      plan: plan({ streams: [{ name: 'a', source: 'demo:' }] }),
    });
    await until(() => server.hub.isRunning('a'), 'the stream');
    const { run } = server.hub.get('a')!;
    await manual.sources.get('a')!.fail(new UserError('internal', 'Broken.'));
    await until(() => server.hub.isRunning('a') && server.hub.get('a')!.run > run, 'the stream again');
  });
});

describe('alerts', () => {
  const rule = { name: 'quiet', when: 'silence', for: '1s', hold: '0.5s' };

  test('are set over the API, stored, raised, logged, listed, and reset', async () => {
    const dataDir = tempFolder();
    const own = { name: 'mine', when: 'source-lost' } as const;
    const from = plan({ streams: [{ name: 'a', source: 'demo:' }], alerts: [own] });
    const server = await startServer({ dataDir, open: manualSources().open, plan: from });
    expect((await call(server, 'GET', 'v1/streams/a/alerts')).body).toEqual({ rules: [own], from: 'config' });
    const put = await call(server, 'PUT', 'v1/streams/a/alerts', { rules: [rule] });
    expect(put).toEqual({ status: 200, body: { rules: [rule], from: 'api' } });
    expect((await call(server, 'PUT', 'v1/streams/a/alerts', { rules: [{ ...rule, for: 1 }] })).status).toBe(
      400,
    );
    await server.close();

    const manual = manualSources();
    const silent = { ...rule, for: '0.5s' };
    const again = await startServer({ dataDir, open: manual.open, plan: from });
    expect((await call(again, 'GET', 'v1/streams/a/alerts')).body.from).toBe('api');
    await call(again, 'PUT', 'v1/streams/a/alerts', { rules: [silent] });
    const live = new Client(again, '/v1/live');
    await live.received('hello');
    await until(() => manual.sources.has('a'), 'the stream');
    await manual.sources.get('a')!.steps(7); // Every seventh frame of the fake tracker is silent.
    expect((await live.received('alert-raised'))[0]).toMatchObject({ stream: 'a', alert: 'quiet', t: 3.5 });
    expect((await call(again, 'GET', 'v1/streams/a')).body.alerts).toMatchObject([
      { alert: 'quiet', t: 3.5 },
    ]);
    await manual.sources.get('a')!.steps(2);
    expect((await live.received('alert-cleared'))[0]).toMatchObject({ alert: 'quiet', t: 4 });
    const types = live.messages.filter(({ type }) => type !== 'hello').map(({ type, seq }) => seq ?? type);
    const late = new Client(again, '/v1/live?since=-1');
    await late.received('alert-cleared');
    const from6 = types.indexOf(6);
    expect(types.slice(from6, from6 + 4)).toEqual([6, 'alert-raised', 7, 'alert-cleared']);
    expect(late.of('alert-raised')).toEqual(live.of('alert-raised'));

    expect((await call(again, 'DELETE', 'v1/streams/a/alerts')).status).toBe(204);
    expect((await call(again, 'GET', 'v1/streams/a/alerts')).body).toEqual({ rules: [own], from: 'config' });
    expect(JSON.parse(readFileSync(join(dataDir, 'managed.json'), 'utf8'))).toEqual({
      version: 1,
      streams: [],
      alerts: {},
    });
  });
});
