import { describe, expect, test } from 'vitest';
import { Client, manualSource, sleep, soon, startServer, until } from '../support.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('/v1/live', () => {
  test('sends the hello, then every frame and event of every stream', async () => {
    const [a, b] = [manualSource(), manualSource()];
    const server = await startServer({
      sources: [
        { name: 'a', source: a.source },
        { name: 'b', source: b.source },
      ],
    });
    await a.steps(1);
    const client = new Client(server, '/v1/live');
    const [hello] = await client.received('hello');
    expect(hello).toMatchObject({ protocol: 1, model: 'fake', engine: 'none', waiting: [] });
    expect(hello.streams.map((s: { stream: string }) => s.stream)).toEqual(['a', 'b']);
    expect(hello.streams[0]).toMatchObject({ source: 'manual:', state: 'running', last: { seq: 0 } });
    await a.steps(2);
    await b.steps(3);
    await a.notice('The cable is out.');
    await b.end();
    await client.received('emotion', 5);
    expect(await client.received('source-lost')).toMatchObject([
      { stream: 'a', message: 'The cable is out.' },
    ]);
    expect(await client.received('stream-stopped')).toMatchObject([{ stream: 'b' }]);
  });

  test('a client that names streams receives only those, also one that starts later', async () => {
    const [a, later] = [manualSource(), manualSource()];
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    const client = new Client(server, '/v1/live?streams=later');
    expect((await client.received('hello'))[0]).toMatchObject({ streams: [], waiting: ['later'] });
    server.hub.add('later', later.source);
    await a.steps(3);
    await later.steps(2);
    await client.received('emotion', 2);
    expect(client.messages.slice(1).every((m) => m.stream === 'later')).toBe(true);
    expect(client.of('stream-started')).toHaveLength(1);
  });

  test('a parameter that is repeated counts like a list', async () => {
    const a = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    await a.steps(3);
    const client = new Client(server, '/v1/live?streams=b,c&streams=a&since=a:0&since=c:5');
    expect((await client.received('hello'))[0]).toMatchObject({
      streams: [{ stream: 'a' }],
      waiting: ['b', 'c'],
    });
    expect((await client.received('emotion', 2)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test('one tracker per stream, however many clients watch', async () => {
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
    for (const client of clients) await client.received('hello');
    await a.steps(2);
    for (const client of clients)
      expect((await client.received('emotion', 2)).map((f) => f.seq)).toEqual([0, 1]);
    expect(started).toBe(1);
  });

  test.each([
    ['/v1/live?streams=No%20Such', 'streams: expected 1 to 64'],
    ['/v1/live?since=yesterday', 'since: expected SEQ'],
  ])('%s is rejected with a sentence', async (path, sentence) => {
    const server = await startServer();
    const client = new Client(server, path);
    const [error] = await client.received('error');
    expect(error.message).toContain(sentence);
    expect((await client.closed).code).toBe(4400);
  });

  test('a message over 4 KiB closes only its own socket', async () => {
    const server = await startServer();
    const [good, bad] = [new Client(server, '/v1/live'), new Client(server, '/v1/live')];
    await good.received('hello');
    await bad.received('hello');
    bad.socket.send('x'.repeat(5000));
    expect((await bad.closed).code).toBe(1009);
    expect(good.socket.readyState).toBe(good.socket.OPEN);
  });
});

describe('?since=', () => {
  test('replays what was missed and continues live, without gaps or duplicates', async () => {
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
    await Promise.all(clients.map(({ client }) => client.received('emotion', 300)));
    feeding = false;
    await feed;
    const newest = server.hub.get('a')!.last!.seq;
    for (const { since, client } of clients) {
      await until(() => client.seqs.at(-1) === newest, `frame ${newest}`);
      expect(client.seqs).toEqual(range(since + 1, newest + 1));
    }
  });

  test('replayed frames are identical', async () => {
    const a = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    const live = new Client(server, '/v1/live');
    await live.received('hello');
    await a.steps(40);
    await a.notice('odd: "quotes", ünïcode');
    await a.steps(3);
    await live.received('emotion', 43);
    const late = new Client(server, '/v1/live?since=-1');
    await late.received('emotion', 43);
    const seen = (client: Client) =>
      client.messages.filter((m) => !['hello', 'stream-started'].includes(m.type));
    expect(seen(late)).toEqual(seen(live));
    expect(late.of('stream-started')).toHaveLength(1);
  });

  test('a restarted stream: the rest of the old run, then the new one', async () => {
    const [first, second] = [manualSource(), manualSource()];
    const server = await startServer();
    const { run } = server.hub.add('a', first.source);
    await first.steps(10);
    await first.end();
    await until(() => server.hub.get('a')?.state === 'stopped');
    server.hub.add('a', second.source);
    await second.steps(4);

    const withRun = new Client(server, `/v1/live?since=a:7:${run}`);
    await withRun.received('emotion', 6);
    expect(withRun.seqs).toEqual([8, 9, 0, 1, 2, 3]);
    // Without a run, a number beyond the newest frame belongs to an earlier run.
    const withoutRun = new Client(server, '/v1/live?since=9');
    await withoutRun.received('emotion', 4);
    expect(withoutRun.seqs).toEqual([0, 1, 2, 3]);
  });

  test('a run of another stream is not replayed', async () => {
    const [a, b] = [manualSource(), manualSource()];
    const server = await startServer();
    const { run } = server.hub.add('a', a.source);
    server.hub.add('b', b.source);
    await a.steps(9);
    await b.steps(2);
    // Runs as a client has them whose log was moved or deleted.
    for (const unknown of [run, 1_000]) {
      const client = new Client(server, `/v1/live?streams=b&since=b:3:${unknown}`);
      await client.received('emotion', 2);
      await b.steps(1);
      await client.received('emotion', 3);
      expect(client.seqs.slice(0, 3)).toEqual([0, 1, 2]);
    }
  });

  test('frames beyond an hour are reported as skipped', async () => {
    const a = manualSource();
    const server = await startServer({
      limits: { replayFrames: 50 },
      sources: [{ name: 'a', source: a.source }],
    });
    await a.steps(80);
    const client = new Client(server, '/v1/live?since=9');
    await client.received('emotion', 50);
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
    await client.received('emotion', 4);
    expect(client.seqs).toEqual([3, 4, 0, 1]);
    expect(client.of('stream-stopped')).toHaveLength(1);
  });
});

describe('slow and silent clients', () => {
  test('messages of a slow client are skipped and reported; others are not affected', async () => {
    const a = manualSource();
    // It is not disconnected, however long a busy machine needs for the steps below.
    const limits = { clientBufferBytes: 20_000, slowClientMs: 3_600_000 };
    const server = await startServer({ limits, sources: [{ name: 'a', source: a.source }] });
    const [fast, slow] = [new Client(server, '/v1/live'), new Client(server, '/v1/live')];
    await fast.received('hello');
    await slow.received('hello');
    slow.socket.pause();
    let sent = 0;
    // The operating system buffers some megabytes before the server notices.
    for (; sent < 15_000; sent += 500) {
      await a.steps(500);
      await soon();
    }
    await fast.received('emotion', sent);
    slow.socket.resume();
    const [skipped] = await slow.received('skipped');
    expect(skipped.count).toBeGreaterThan(0);
    await a.steps(1);
    await until(() => slow.seqs.at(-1) === sent, 'the newest frame');
    expect(slow.seqs.length + skipped.count).toBe(sent + 1);
  });

  test('a client that stays behind is disconnected', async () => {
    const a = manualSource();
    const limits = { clientBufferBytes: 20_000, slowClientMs: 300 };
    const server = await startServer({ limits, sources: [{ name: 'a', source: a.source }] });
    const slow = new Client(server, '/v1/live');
    await slow.received('hello');
    slow.socket.pause();
    for (let i = 0; i < 30; i++) await a.steps(500);
    await sleep(2_000);
    slow.socket.resume();
    expect([1006, 1013]).toContain((await slow.closed).code);
  });
});
