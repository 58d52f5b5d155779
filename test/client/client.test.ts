import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ApiError, createClient, type LiveMessage } from '../../src/client/index.ts';
import { Positions } from '../../src/client/positions.ts';
import { pause } from '../../src/client/web-socket.ts';
import type { FileAnalyzer } from '../../src/server/analyze/analyze.ts';
import type { LiveHello } from '../../src/types.ts';
import { frameOf, manualSource, sleep, startServer, tempFolder, tone, until } from '../server/support.ts';

/** Receives `live` in the background and keeps all messages. */
function receiveLive(
  client: ReturnType<typeof createClient>,
  options: Parameters<typeof client.live>[0] = {},
) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const received = { messages: [] as LiveMessage[], links: [] as string[], error: undefined as unknown };
  const run = async () => {
    const messages = client.live({
      ...options,
      signal: abort.signal,
      onLink: ({ state }) => void received.links.push(state),
    });
    for await (const message of messages) received.messages.push(message);
  };
  const ended = run().catch((error: unknown) => {
    received.error = error;
  });
  return {
    received,
    ended,
    stop: () => abort.abort(),
    frames: () => received.messages.flatMap((m) => (m.type === 'emotion' ? [`${m.stream}${m.seq}`] : [])),
    of: (type: string) => received.messages.filter((message) => message.type === type),
  };
}

describe('live', () => {
  test('opens a quiet connection again, with growing patience, and loses nothing', async () => {
    const source = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: source.source }] });
    const listener = receiveLive(createClient({ url: server.url }), { quietMs: 500 });
    await until(() => listener.of('hello').length === 2, 'the second connection');
    await source.steps(3);
    await until(() => listener.frames().length === 3, 'three frames');
    await until(() => listener.of('hello').length > 3, 'one more');
    expect(listener.frames()).toEqual(['a0', 'a1', 'a2']);
    expect(listener.received.links).not.toContain('waiting');
  });

  test('delivers each frame and event once across restarts of streams and of the server', async () => {
    const dataDir = tempFolder();
    const sources = { a: manualSource(), b: manualSource() };
    const one = await startServer({ dataDir, sources: [{ name: 'a', source: sources.a.source }] });
    const client = createClient({ url: one.url });
    await sources.a.steps(2);
    const listener = receiveLive(client);
    await until(() => listener.received.links.includes('open'), 'the connection');
    await sources.a.steps(3);
    await until(() => listener.frames().length === 3, 'three frames');

    // The server stops; before the client reconnects, one stream restarts and another one starts.
    await one.close();
    const [again, more] = [manualSource(), manualSource()];
    const two = await startServer({
      dataDir,
      port: one.port,
      sources: [{ name: 'a', source: again.source }],
    });
    await again.steps(2);
    two.hub.add('b', sources.b.source);
    await sources.b.steps(2);
    await until(() => listener.of('hello').length === 2, 'the second hello');
    await again.steps(1);
    await until(() => listener.frames().length === 8, 'all frames');

    // A stream restarts while the client is connected, then the server restarts again.
    await again.end();
    await until(() => two.hub.get('a')?.state === 'stopped');
    two.hub.add('a', more.source);
    await more.steps(4);
    await until(() => listener.frames().length === 12, 'the new run');
    await two.close();
    const last = manualSource();
    await startServer({ dataDir, port: one.port, sources: [{ name: 'a', source: last.source }] });
    await last.steps(2);
    await until(() => listener.frames().length >= 14, 'the last run');
    await last.steps(1);
    await until(() => listener.frames().length >= 15, 'its last frame');

    const of = (name: string) => listener.frames().filter((frame) => frame.startsWith(name));
    expect(of('a')).toEqual([
      'a2',
      'a3',
      'a4',
      ...['a0', 'a1', 'a2'],
      ...['a0', 'a1', 'a2', 'a3'],
      ...['a0', 'a1', 'a2'],
    ]);
    expect(of('b')).toEqual(['b0', 'b1']);
    // Each stop once, also those that the client reads from the log after a restart of the server.
    expect(listener.of('stream-stopped').map((m) => 'stream' in m && m.stream)).toEqual(
      expect.arrayContaining(['a', 'a', 'a', 'b']),
    );
    expect(listener.of('stream-stopped')).toHaveLength(4);
    expect(listener.of('stream-started')).toHaveLength(4);
  });

  test('delivers everything with since -1, and ends when it is aborted', async () => {
    const a = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    await a.steps(5);
    const listener = receiveLive(createClient({ url: server.url }), { since: '-1', streams: ['a'] });
    await until(() => listener.frames().length === 5, 'all frames');
    listener.stop();
    await listener.ended;
    expect(listener.received.error).toBeUndefined();
  });

  test('loses nothing with a slow reader', async () => {
    const a = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    const client = createClient({ url: server.url });
    const seqs: number[] = [];
    let connections = 0;
    const abort = new AbortController();
    let allSent = () => {};
    const sent = new Promise<void>((resolve) => {
      allSent = resolve;
    });
    /** Resolves when the client has closed the socket because of too many unread messages. */
    const disconnected = async () => {
      for (;;) {
        const metrics = await (await fetch(`${server.url}metrics`)).text();
        if (/^undertone_live_clients 0$/m.test(metrics)) return;
        await sleep(50);
      }
    };
    const reading = (async () => {
      const messages = client.live({
        signal: abort.signal,
        onLink: ({ state }) => {
          if (state === 'open') connections++;
        },
      });
      for await (const message of messages) {
        if (message.type !== 'emotion') continue;
        seqs.push(message.seq);
        if (message.seq === 10) await sent.then(disconnected);
        if (message.seq === 6_999) abort.abort();
      }
    })();
    await until(() => connections === 1, 'the connection');
    for (let i = 0; i < 14; i++) {
      await a.steps(500);
      await sleep(20);
    }
    allSent();
    await reading;
    expect(seqs).toEqual(Array.from({ length: 7_000 }, (_, i) => i));
    expect(connections).toBeGreaterThan(1);
  });

  test('ends with the server’s code and sentence for a wrong token', async () => {
    const server = await startServer({ token: 'sesame' });
    const wrong = createClient({ url: server.url, token: 'open' });
    const listener = receiveLive(wrong);
    await listener.ended;
    expect(listener.received.error).toBeInstanceOf(ApiError);
    expect(listener.received.error).toMatchObject({
      status: 401,
      code: 'wrong-token',
      message: expect.stringMatching(/token .*\.$/),
    });
    const right = receiveLive(createClient({ url: server.url, token: 'sesame' }));
    await until(() => right.of('hello').length === 1, 'the hello');
    await expect(wrong.streams.list()).rejects.toMatchObject({ status: 401, code: 'wrong-token' });
  });

  test('ends with the server’s code and sentence where it closes the socket', async () => {
    const server = await startServer();
    const listener = receiveLive(createClient({ url: server.url }), { since: 'yesterday' });
    await listener.ended;
    expect(listener.received.error).toMatchObject({
      status: 4400,
      code: 'bad-request',
      message: expect.stringContaining('since'),
    });
  });

  test('delivers every frame once, wherever the connection breaks', async () => {
    // A model of a server that has all frames; connections break anywhere.
    type Frame = { run: number; seq: number };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(4), { maxLength: 8 }),
        async (lengths, breaks) => {
          const all = lengths.flatMap((length, run) =>
            Array.from({ length }, (_, seq): Frame => ({ run: run + 1, seq })),
          );
          const positions = new Positions({ since: '-1:1' });
          const got: Frame[] = [];
          let emitted = 0;
          for (let turn = 0; got.length < all.length && turn < 60; turn++) {
            const since = positions.since!;
            const named = /s:(-?\d+):(\d+)/.exec(since);
            const general = /(?:^|,)-1:(\d+)$/.exec(since);
            const after = named
              ? { run: Number(named[2]), seq: Number(named[1]) }
              : { run: Number(general?.[1]), seq: -1 };
            // The server has emitted three more frames at each turn.
            emitted = Math.min(all.length, emitted + 3);
            const there = all.slice(0, emitted);
            const newest = there.at(-1)!;
            const hello = {
              type: 'hello',
              run: newest.run,
              streams: [{ stream: 's', run: newest.run, last: frameOf('s', newest.seq) }],
            } as unknown as LiveHello;
            positions.receive(hello);
            let budget = breaks[turn] ?? 3;
            for (const { run, seq } of there) {
              if (run < after.run || (run === after.run && seq <= after.seq)) continue;
              if (budget-- <= 0) break;
              if (seq === 0)
                positions.receive({
                  type: 'stream-started',
                  stream: 's',
                  t: 0,
                  time: `${run}`,
                  message: '',
                  run,
                });
              if (positions.receive(frameOf('s', seq))) got.push({ run, seq });
            }
          }
          expect(got).toEqual(all);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('requests', () => {
  test('have methods for streams, sessions, markers and the report', async () => {
    const a = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    await a.steps(2);
    const client = createClient({ url: server.url });
    expect((await client.streams.list()).map(({ stream }) => stream)).toEqual(['a']);
    const { frames } = await client.streams.emotions('a');
    expect(frames[0]?.seq).toBe(0);
    const minutes = await client.streams.emotions('a', { resolution: '1m' });
    expect(minutes.frames[0]?.music).toBeGreaterThan(0);

    const session = await client.sessions.start({ stream: 'a', title: 'Evening' });
    const marker = await client.sessions.addMarker(session.id);
    await client.sessions.changeMarker(session.id, marker.id, { note: 'drums' });
    expect(await client.sessions.markers(session.id)).toMatchObject([{ note: 'drums' }]);
    await client.sessions.stop(session.id);
    expect((await client.sessions.emotions(session.id, { forecast: 'no' })).resolution).toBe('step');
    expect(await (await client.sessions.report(session.id, { format: 'text' })).text()).toContain('Evening');
    for (let i = 0; i < 4; i++) await client.sessions.start({ stream: 'a' });
    const ids: string[] = [];
    for await (const one of client.sessions.all({ limit: 2 })) ids.push(one.id);
    expect(ids).toHaveLength(5);
    await client.sessions.eraseMarker(session.id, marker.id);
    await client.sessions.erase(session.id);
    await expect(client.sessions.get(session.id)).rejects.toMatchObject({
      status: 404,
      code: 'unknown-session',
      message: expect.stringContaining(session.id),
    });
    await expect(client.sessions.start({ stream: 'a', title: 'x'.repeat(300) })).rejects.toMatchObject({
      errors: [{ path: 'title', expected: 'at most 200 characters' }],
    });
    expect((await client.analyze(new Uint8Array([1, 2]))).frames).toHaveLength(3);
    expect((await client.health()).status).toBe('ok');
  });

  test('send audio, and report why the server refuses it', async () => {
    const server = await startServer();
    const client = createClient({ url: server.url });
    const states: string[] = [];
    const options = { sampleRate: 8_000, onState: ({ state }: { state: string }) => void states.push(state) };
    const sender = client.sendAudio('mic', options);
    await until(() => states.includes('sending'), 'ready');
    // More than fits into one message.
    sender.send(new Uint8Array(tone(10)));
    await until(() => server.hub.get('mic')?.last?.seq === 19, 'ten seconds');
    const refused: unknown[] = [];
    client.sendAudio('mic', {
      sampleRate: 8_000,
      onState: (state) => {
        if (state.state === 'refused') refused.push(state.error);
      },
    });
    await until(() => refused.length === 1, 'the refusal');
    expect(refused[0]).toMatchObject({ code: 'stream-busy', message: expect.stringContaining('"mic"') });
    sender.close();
  });

  test('report a token that no socket can send', async () => {
    const refused: unknown[] = [];
    createClient({ url: 'http://127.0.0.1:9', token: 'open sesame' }).sendAudio('mic', {
      sampleRate: 8_000,
      onState: (state) => {
        if (state.state === 'refused') refused.push(state.error);
      },
    });
    await until(() => refused.length === 1, 'the refusal');
    expect(refused[0]).toMatchObject({ code: 'no-socket', message: expect.stringContaining('subprotocol') });
  });

  test('report a wrong token when sending audio', async () => {
    const server = await startServer({ token: 'sesame' });
    const refused: unknown[] = [];
    createClient({ url: server.url, token: 'open' }).sendAudio('mic', {
      sampleRate: 8_000,
      onState: (state) => {
        if (state.state === 'refused') refused.push(state.error);
      },
    });
    await until(() => refused.length === 1, 'the refusal');
    expect(refused[0]).toMatchObject({ status: 401, code: 'wrong-token' });
  });
});

test('an analysis that the caller leaves ends on the server, too', async () => {
  let ended = false;
  const analyzer: FileAnalyzer = async function* (_path, signal) {
    signal.addEventListener('abort', () => (ended = true));
    for (let seq = 0; !signal.aborted; seq++) {
      yield [frameOf('analyze', seq)];
      await sleep(1);
    }
  };
  const { url } = await startServer({ analyzer });
  for await (const frame of createClient({ url }).analyzeFrames(tone(1))) {
    expect(frame).toMatchObject({ seq: 0 });
    break;
  }
  await until(() => ended, 'the end of the analysis');
});

test('no attempt is waited for after an abort', () => pause(3_600_000, AbortSignal.abort()));

test('the client imports no code of the server at run time', () => {
  const folder = new URL('../../src/client/', import.meta.url);
  const shared = '../util/retry.ts'; // Has no imports itself.
  for (const file of [...readdirSync(folder), shared]) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    for (const [, clause, from] of source.matchAll(/^(?:import|export)\s+([\s\S]*?)\s+from\s+'([^']+)'/gm))
      if (!from!.startsWith('./') && from !== shared) expect(`${file}: ${clause}`).toMatch(/: type /);
  }
});
