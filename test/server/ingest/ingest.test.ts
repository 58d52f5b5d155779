import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Client, sender, sleep, startServer, tone, until } from '../support.ts';

describe('/v1/streams/:name/audio', () => {
  test('hello, ready, audio in chunks of any size; no sample is lost', async () => {
    const server = await startServer();
    const live = new Client(server, '/v1/live');
    await live.received('hello');
    const client = await sender(server, 'booth');
    expect((await client.received('ready'))[0]).toMatchObject({ stream: 'booth' });
    const audio = tone(10);
    // Odd sizes split samples.
    for (let at = 0, size = 1; at < audio.length; at += size, size = (size * 7 + 3) % 4001) {
      size ||= 1;
      client.socket.send(audio.subarray(at, at + size));
    }
    client.socket.close();
    await live.received('stream-stopped');
    expect(live.seqs).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(server.hub.get('booth')).toMatchObject({ state: 'stopped', source: 'ws:', last: { seq: 19 } });
  });

  test('loses nothing faster than real time: the socket is paused', async () => {
    const { fakeTracker } = await import('../support.ts');
    let received = 0;
    let lost = 0;
    const server = await startServer({
      // Takes 5 ms per chunk, and counts samples.
      startTracker: (source, stream) =>
        fakeTracker(
          {
            uri: source.uri,
            async *open(signal) {
              for await (const item of source.open(signal)) {
                await sleep(5);
                if (item.type === 'audio') {
                  received += item.samples.length;
                  lost += item.lostSamples ?? 0;
                }
                yield item;
              }
            },
          },
          stream,
        ),
    });
    const client = await sender(server, 'fast', { format: 'u8', sampleRate: 8000 });
    await client.received('ready');
    const message = Buffer.alloc(60_000, 128);
    for (let i = 0; i < 40; i++) client.socket.send(message);
    client.socket.close();
    await until(() => server.hub.get('fast')?.state === 'stopped', 'the end');
    expect({ received, lost }).toEqual({ received: 40 * 60_000, lost: 0 });
  });

  test.each([
    ['not JSON', 'hello!', 'bad-hello', 'not JSON'],
    ['not an object', '[1]', 'bad-hello', 'invalid: expected an object'],
    ['another type', '{"type":"hi"}', 'bad-hello', 'type: expected "hello"'],
    [
      'a format',
      '{"type":"hello","format":"mp3","sampleRate":44100,"channels":2}',
      'bad-hello',
      'format: expected one of',
    ],
    [
      'a low rate',
      '{"type":"hello","format":"s16le","sampleRate":4000,"channels":2}',
      'bad-hello',
      'at least 8000 Hz',
    ],
    [
      'a high rate',
      '{"type":"hello","format":"s16le","sampleRate":1e9,"channels":2}',
      'bad-hello',
      'at most 192000 Hz',
    ],
    [
      'a broken rate',
      '{"type":"hello","format":"s16le","sampleRate":44100.5,"channels":2}',
      'bad-hello',
      'whole number',
    ],
    [
      '33 channels',
      '{"type":"hello","format":"s16le","sampleRate":44100,"channels":33}',
      'bad-hello',
      '1 to 32',
    ],
  ])('a hello with %s is rejected with a sentence', async (_what, hello, code, sentence) => {
    const server = await startServer();
    const client = await new Client(server, '/v1/streams/a/audio').opened();
    client.socket.send(hello);
    expect((await client.received('error'))[0]).toMatchObject({
      code,
      message: expect.stringContaining(sentence),
    });
    expect((await client.closed).code).toBe(4400);
    expect(server.hub.list()).toEqual([]);
  });

  test('audio before the hello, text after it, no hello, a bad name, a name in use', async () => {
    const server = await startServer();
    const early = await new Client(server, '/v1/streams/early/audio').opened();
    early.socket.send(tone(0.1));
    expect((await early.received('error'))[0]).toMatchObject({ code: 'bad-hello' });

    const chatty = await sender(server, 'chatty');
    await chatty.received('ready');
    chatty.socket.send('and one more thing');
    expect((await chatty.received('error'))[0]).toMatchObject({ code: 'bad-message' });

    const impatient = await startServer({ limits: { helloMs: 300 } });
    const silent = new Client(impatient, '/v1/streams/mute/audio');
    expect((await silent.received('error'))[0]).toMatchObject({ code: 'hello-timeout' });
    expect((await silent.closed).code).toBe(4408);

    const misnamed = new Client(server, '/v1/streams/Not%20A%20Name/audio');
    expect((await misnamed.received('error'))[0]).toMatchObject({ code: 'bad-name' });

    const first = await sender(server, 'taken');
    await first.received('ready');
    const second = await sender(server, 'taken');
    expect((await second.received('error'))[0]).toMatchObject({ code: 'stream-busy' });
    expect((await second.closed).code).toBe(4409);
    expect(first.socket.readyState).toBe(first.socket.OPEN);
  });

  test('50 MB in one message closes with 1009 and a sentence, and affects no other client', async () => {
    const server = await startServer();
    const [good, bad] = [await sender(server, 'good'), await sender(server, 'bad')];
    await good.received('ready');
    await bad.received('ready');
    bad.socket.send(Buffer.alloc(50 * 1024 * 1024));
    expect((await bad.received('error'))[0]).toMatchObject({
      code: 'message-too-big',
      message: expect.stringContaining('65536'),
    });
    expect((await bad.closed).code).toBe(1009);
    good.socket.send(tone(1));
    await until(() => server.hub.get('good')?.last?.seq === 1, 'frames of the good stream');
    expect(server.hub.get('bad')).toMatchObject({
      state: 'stopped',
      message: expect.stringContaining('too big'),
    });
  });

  test('audio that ends within a sample is analyzed, and then reported', async () => {
    const server = await startServer();
    const client = await sender(server, 'odd');
    await client.received('ready');
    client.socket.send(tone(1).subarray(1));
    client.socket.close();
    await until(() => server.hub.get('odd')?.state === 'stopped', 'the end');
    expect(server.hub.get('odd')).toMatchObject({
      last: { seq: 0 },
      message: expect.stringContaining('within a sample'),
    });
  });

  test.each([
    ['s16le announced as f32le', 'f32le', tone(2), 'perhaps they are s16le'],
    ['f32le announced as s16le', 's16le', floats(2), 'look like f32le'],
    ['a WAV file', 's16le', Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), tone(2)]), 'a WAV file'],
    [
      'an MP3 file',
      's16le',
      Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0\0\0\0'), tone(2)]),
      'an MP3 file',
    ],
  ])('%s is rejected before the first frame', async (_what, format, audio, sentence) => {
    const server = await startServer();
    const client = await sender(server, 'mislabeled', { format });
    await client.received('ready');
    for (let at = 0; at < audio.length; at += 1000) client.socket.send(audio.subarray(at, at + 1000));
    expect((await client.received('error'))[0]).toMatchObject({
      code: 'bad-audio',
      message: expect.stringContaining(sentence),
    });
    expect((await client.closed).code).toBe(4415);
    await until(() => server.hub.get('mislabeled')?.state === 'stopped', 'the end');
    // Clients that watch the stream receive the error as well.
    expect(server.hub.get('mislabeled')).toMatchObject({
      last: null,
      message: expect.stringContaining(sentence),
    });
  });

  test('floats, integers and digital silence are accepted', async () => {
    const server = await startServer();
    for (const [name, format, audio] of [
      ['floats', 'f32le', floats(2)],
      ['integers', 's16le', tone(2)],
      ['silence', 's16le', Buffer.alloc(32_000)],
      [
        'loud',
        's16le',
        Buffer.from(new Int16Array(16_000).map((_, i) => (i % 40 < 20 ? 15_000 : -15_000)).buffer),
      ],
    ] as const) {
      const client = await sender(server, name, { format });
      await client.received('ready');
      client.socket.send(audio);
      await until(() => server.hub.get(name)?.last?.seq === 3, `frames of ${name}`);
      client.socket.close();
    }
  });

  test('limits: streams, sockets, sockets of one address', async () => {
    const server = await startServer({ limits: { streams: 1, socketsPerAddress: 3 } });
    const first = await sender(server, 'one');
    await first.received('ready');
    const second = await sender(server, 'two');
    expect((await second.received('error'))[0]).toMatchObject({
      code: 'too-many-streams',
      message: expect.stringContaining(
        'already runs 1 streams, its limit: stop one first, or raise "limits.streams"',
      ),
    });
    expect((await second.closed).code).toBe(4429);
    const more = [new Client(server, '/v1/live'), new Client(server, '/v1/live')];
    for (const client of more) await client.received('hello');
    const refused = await new Client(server, '/v1/live').refused;
    expect(refused).toMatchObject({
      status: 503,
      body: expect.stringContaining('Connection limit reached'),
    });
    expect(JSON.parse((await new Client(server, '/v1/live').refused).body).detail).toBe(
      'Connection limit reached: this address has 3 open sockets; close some first, or raise "limits.socketsPerAddress" in the configuration.',
    );
    more[0]!.socket.close();
    await more[0]!.closed;
    // The server notes it a moment later.
    let next = new Client(server, '/v1/live');
    await until(() => {
      if (next.socket.readyState > next.socket.OPEN) next = new Client(server, '/v1/live');
      return next.of('hello').length === 1;
    }, 'a free connection');
  });

  test('no message of a client affects the server or other clients', async () => {
    const server = await startServer();
    const good = await sender(server, 'good');
    await good.received('ready');
    const message = fc.oneof(
      fc.string(),
      fc.json(),
      fc.uint8Array({ maxLength: 300 }),
      fc.record({
        type: fc.constantFrom('hello', 'ready', 'bye'),
        format: fc.constantFrom('s16le', 'f32le', 'u8', '', null),
        sampleRate: fc.oneof(fc.integer(), fc.double(), fc.constant(44_100)),
        channels: fc.oneof(fc.integer(), fc.constant(2), fc.string()),
      }),
    );
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 6 }), async (messages) => {
        const client = await new Client(server, `/v1/streams/fuzz-${n++ % 3}/audio`).opened();
        for (const one of messages) {
          client.socket.send(
            one instanceof Uint8Array || typeof one === 'string' ? one : JSON.stringify(one),
          );
        }
        client.socket.close();
        const { code } = await client.closed;
        expect([1000, 1005, 4400, 4409, 4415]).toContain(code);
      }),
      { numRuns: 40 },
    );
    good.socket.send(tone(1));
    await until(() => server.hub.get('good')?.last?.seq === 1, 'frames of the good stream');
  });
});

function floats(seconds: number): Buffer {
  const samples = new Float32Array(seconds * 8000).map(
    (_, i) => 0.3 * Math.sin(i * 0.17) + 0.01 * Math.sin(i * i),
  );
  return Buffer.from(samples.buffer);
}
