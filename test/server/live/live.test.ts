import { describe, expect, test } from 'vitest';
import { Client, manualSource, sleep, soon, startServer, until } from '../support.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('/v1/live', () => {
  test('says hello, then every frame and event of every stream', async () => {
    const [a, b] = [manualSource(), manualSource()];
    const server = await startServer({
      sources: [
        { name: 'a', source: a.source },
        { name: 'b', source: b.source },
      ],
    });
    await a.steps(1);
    const client = new Client(server, '/v1/live');
    const [hello] = await client.heard('hello');
    expect(hello).toMatchObject({ protocol: 1, model: 'fake', engine: 'none', waiting: [] });
    expect(hello.streams.map((s: { stream: string }) => s.stream)).toEqual(['a', 'b']);
    expect(hello.streams[0]).toMatchObject({ source: 'manual:', state: 'running', last: { seq: 0 } });
    await a.steps(2);
    await b.steps(3);
    await a.notice('The cable is out.');
    await b.end();
    await client.heard('emotion', 5);
    expect(await client.heard('source-lost')).toMatchObject([{ stream: 'a', message: 'The cable is out.' }]);
    expect(await client.heard('stream-stopped')).toMatchObject([{ stream: 'b' }]);
  });

  test('a watcher of some streams hears only those, also one that begins later', async () => {
    const [a, later] = [manualSource(), manualSource()];
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    const client = new Client(server, '/v1/live?streams=later');
    expect((await client.heard('hello'))[0]).toMatchObject({ streams: [], waiting: ['later'] });
    server.hub.add('later', later.source);
    await a.steps(3);
    await later.steps(2);
    await client.heard('emotion', 2);
    expect(client.messages.slice(1).every((m) => m.stream === 'later')).toBe(true);
    expect(client.of('stream-started')).toHaveLength(1);
  });

  test('one tracker however many watch', async () => {
    let started = 0;
    const { fakeTracker } = await import('../support.ts');
    const a = manualSource();
    const server = await startServer({
      startTracker: (...args) => {
        started++;
        return fakeTracker(...args);
      },
      sources: [{ name: 'a', source: a.source }],
    });
    const clients = range(0, 20).map(() => new Client(server, '/v1/live'));
    for (const client of clients) await client.heard('hello');
    await a.steps(2);
    for (const client of clients)
      expect((await client.heard('emotion', 2)).map((f) => f.seq)).toEqual([0, 1]);
    expect(started).toBe(1);
  });

  test.each([
    ['/v1/live?streams=No%20Such', 'streams: expected 1 to 64'],
    ['/v1/live?since=yesterday', 'since: expected SEQ'],
  ])('%s is refused with a sentence', async (path, sentence) => {
    const server = await startServer();
    const client = new Client(server, path);
    const [error] = await client.heard('error');
    expect(error.message).toContain(sentence);
    expect((await client.closed).code).toBe(4400);
  });

  test('a message over 4 KiB ends the socket, and only that one', async () => {
    const server = await startServer();
    const [good, bad] = [new Client(server, '/v1/live'), new Client(server, '/v1/live')];
    await good.heard('hello');
    await bad.heard('hello');
    bad.socket.send('x'.repeat(5000));
    expect((await bad.closed).code).toBe(1009);
    expect(good.socket.readyState).toBe(good.socket.OPEN);
  });
});

describe('?since=', () => {
  test('gives back what was missed and goes on live, without hole or double', async () => {
    const a = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    await a.steps(650);
    let feeding = true;
    const feed = (async () => {
      while (feeding) await a.steps(1);
    })();
    const clients = [-1, 0, 41, 400, 600].map((since) => ({
      since,
      client: new Client(server, `/v1/live?since=${since}`),
    }));
    await Promise.all(clients.map(({ client }) => client.heard('emotion', 300)));
    feeding = false;
    await feed;
    const newest = server.hub.get('a')!.last!.seq;
    for (const { since, client } of clients) {
      await until(() => client.seqs.at(-1) === newest, `frame ${newest}`);
      expect(client.seqs).toEqual(range(since + 1, newest + 1));
    }
  });

  test('replayed frames are the same to the last bit', async () => {
    const a = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    const live = new Client(server, '/v1/live');
    await live.heard('hello');
    await a.steps(40);
    await a.notice('odd: "quotes", ünïcode');
    await a.steps(3);
    await live.heard('emotion', 43);
    const late = new Client(server, '/v1/live?since=-1');
    await late.heard('emotion', 43);
    const seen = (client: Client) =>
      client.messages.filter((m) => !['hello', 'stream-started'].includes(m.type));
    expect(seen(late)).toEqual(seen(live));
    expect(late.of('stream-started')).toHaveLength(1);
  });

  test('a stream that began again: the rest of the old run, then the new one', async () => {
    const [first, second] = [manualSource(), manualSource()];
    const server = await startServer();
    const { run } = server.hub.add('a', first.source);
    await first.steps(10);
    await first.end();
    await until(() => server.hub.get('a')?.state === 'stopped');
    server.hub.add('a', second.source);
    await second.steps(4);

    const knowing = new Client(server, `/v1/live?since=a:7:${run}`);
    await knowing.heard('emotion', 6);
    expect(knowing.seqs).toEqual([8, 9, 0, 1, 2, 3]);
    // Without the run, a number beyond the newest frame can only be of an earlier run.
    const unknowing = new Client(server, '/v1/live?since=9');
    await unknowing.heard('emotion', 4);
    expect(unknowing.seqs).toEqual([0, 1, 2, 3]);
  });

  test('a run of another stream is not read out under this name', async () => {
    const [a, b] = [manualSource(), manualSource()];
    const server = await startServer();
    const { run } = server.hub.add('a', a.source);
    server.hub.add('b', b.source);
    await a.steps(9);
    await b.steps(2);
    // As a client knows them whose log was moved away since.
    for (const unknown of [run, 1_000]) {
      const client = new Client(server, `/v1/live?streams=b&since=b:3:${unknown}`);
      await client.heard('emotion', 2);
      await b.steps(1);
      await client.heard('emotion', 3);
      expect(client.seqs.slice(0, 3)).toEqual([0, 1, 2]);
    }
  });

  test('more than an hour back is said to be skipped', async () => {
    const a = manualSource();
    const server = await startServer({
      limits: { replayFrames: 50 },
      sources: [{ name: 'a', source: a.source }],
    });
    await a.steps(80);
    const client = new Client(server, '/v1/live?since=9');
    await client.heard('emotion', 50);
    expect(client.of('skipped')).toMatchObject([{ count: 20 }]);
    expect(client.seqs).toEqual(range(30, 80));
  });

  test('survives a restart of the server', async () => {
    const { tempFolder } = await import('../support.ts');
    const dataDir = tempFolder();
    const [first, second] = [manualSource(), manualSource()];
    const before = await startServer({ dataDir, sources: [{ name: 'a', source: first.source }] });
    const { run } = before.hub.get('a')!;
    await first.steps(5);
    await before.close();
    const after = await startServer({ dataDir, sources: [{ name: 'a', source: second.source }] });
    await second.steps(2);
    const client = new Client(after, `/v1/live?since=a:2:${run}`);
    await client.heard('emotion', 4);
    expect(client.seqs).toEqual([3, 4, 0, 1]);
    expect(client.of('stream-stopped')).toHaveLength(1);
  });
});

describe('slow and dead clients', () => {
  test('a slow client is skipped and told so; the others and the stream go on', async () => {
    const a = manualSource();
    const limits = { clientBufferBytes: 20_000, slowClientMs: 60_000 };
    const server = await startServer({ limits, sources: [{ name: 'a', source: a.source }] });
    const [fast, slow] = [new Client(server, '/v1/live'), new Client(server, '/v1/live')];
    await fast.heard('hello');
    await slow.heard('hello');
    slow.socket.pause();
    let sent = 0;
    // The operating system takes some megabytes before the server notices anything.
    for (; sent < 15_000; sent += 500) {
      await a.steps(500);
      await soon();
    }
    await fast.heard('emotion', sent);
    slow.socket.resume();
    const [skipped] = await slow.heard('skipped');
    expect(skipped.count).toBeGreaterThan(0);
    await a.steps(1);
    await until(() => slow.seqs.at(-1) === sent, 'the newest frame');
    expect(slow.seqs.length + skipped.count).toBe(sent + 1);
  });

  test('one that stays behind is cut', async () => {
    const a = manualSource();
    const limits = { clientBufferBytes: 20_000, slowClientMs: 300 };
    const server = await startServer({ limits, sources: [{ name: 'a', source: a.source }] });
    const slow = new Client(server, '/v1/live');
    await slow.heard('hello');
    slow.socket.pause();
    for (let i = 0; i < 30; i++) await a.steps(500);
    await sleep(2_000);
    slow.socket.resume();
    expect([1006, 1013]).toContain((await slow.closed).code);
  });

  test('a peer that does not answer pings is cut, one that does stays', async () => {
    const server = await startServer({ limits: { pingMs: 100 } });
    const [dead, alive] = [new Client(server, '/v1/live'), new Client(server, '/v1/live')];
    await dead.heard('hello');
    await alive.heard('hello');
    dead.socket.pong = () => {};
    // ws answers pings below the public method as well; a paused socket answers nothing.
    dead.socket.pause();
    await sleep(600);
    dead.socket.resume();
    expect((await dead.closed).code).toBe(1006);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
  });
});
