import { describe, expect, test } from 'vitest';
import { createClient } from '../../../src/client/index.ts';
import { Spectrograms } from '../../../src/server/spectrogram/spectrograms.ts';
import type { StartTracker } from '../../../src/server/streams/hub-options.ts';
import type { MelListener } from '../../../src/stream/mel-columns.ts';
import { Client, fakeTracker, manualSource, startServer, until } from '../support.ts';

/** Trackers whose mel frames the test sends. */
function tappedTracker() {
  const taps = new Map<string, MelListener>();
  const startTracker: StartTracker = (source, stream) => ({
    ...fakeTracker(source, stream),
    tapMel: (listener) => void taps.set(stream, listener),
  });
  return { taps, startTracker };
}

const COLUMNS = Uint8Array.from({ length: 480 }, (_, i) => i % 256);

describe('/v1/streams/NAME/spectrogram', () => {
  test('sends the mel frames of each step to those who watch it, and taps the stream only while they do', async () => {
    const { taps, startTracker } = tappedTracker();
    const [a, b] = [manualSource(), manualSource()];
    const server = await startServer({
      startTracker,
      sources: [
        { name: 'a', source: a.source },
        { name: 'b', source: b.source },
      ],
    });
    await a.steps(2);
    const clients = [0, 1].map(() => new Client(server, '/v1/streams/a/spectrogram'));
    for (const client of clients) {
      const [hello] = await client.received('hello');
      expect(hello).toMatchObject({ stream: 'a', columns: 5 });
      expect(hello.hz).toHaveLength(96);
    }
    expect(taps.get('b')).toBeUndefined();
    await until(() => server.hub.get('a')?.last?.seq === 1);
    taps.get('a')!(COLUMNS);
    for (const client of clients) {
      const [mel] = await client.received('mel');
      expect(mel).toMatchObject({ stream: 'a', run: server.hub.get('a')!.run, seq: 2, t: 1.5, dropped: 0 });
      expect(Buffer.from(mel.data, 'base64')).toEqual(Buffer.from(COLUMNS));
    }
    clients[0]!.socket.close();
    await clients[0]!.closed;
    expect(taps.get('a')).toBeDefined();
    clients[1]!.socket.close();
    await until(() => taps.get('a') === undefined);
  });

  test('waits for a stream that starts later, and follows it into its next run', async () => {
    const { taps, startTracker } = tappedTracker();
    const server = await startServer({ startTracker });
    const client = new Client(server, '/v1/streams/later/spectrogram');
    await client.received('hello');
    for (const run of [1, 2]) {
      const { source } = manualSource();
      server.hub.add('later', source);
      await until(() => taps.get('later') !== undefined);
      taps.get('later')!(COLUMNS);
      expect((await client.received('mel', run)).at(-1)).toMatchObject({ run, seq: 0 });
      await server.hub.stop('later');
      taps.clear();
    }
  });

  test('the client of the package receives them', async () => {
    const { taps, startTracker } = tappedTracker();
    const a = manualSource();
    const server = await startServer({ startTracker, sources: [{ name: 'a', source: a.source }] });
    const messages = createClient({ url: server.url }).spectrogram('a');
    expect((await messages.next()).value).toMatchObject({ type: 'hello', columns: 5 });
    await until(() => taps.get('a') !== undefined);
    taps.get('a')!(COLUMNS);
    expect((await messages.next()).value).toMatchObject({ type: 'mel', seq: 0 });
    await messages.return();
  });

  test('a bad name is rejected with a sentence', async () => {
    const server = await startServer();
    const client = new Client(server, '/v1/streams/No/spectrogram');
    expect((await client.received('error'))[0].message).toContain('expected 1 to 64');
    expect((await client.closed).code).toBe(4400);
  });

  test('a client that does not read gets no backlog: what it missed is counted', () => {
    const spectrograms = new Spectrograms();
    let listener: MelListener;
    spectrograms.started({ name: 'a', run: 1, frames: 0, state: 'running' }, (given) => {
      listener = given;
    });
    const sent: string[] = [];
    const socket = { OPEN: 1, readyState: 1, bufferedAmount: 0, send: (text: string) => sent.push(text) };
    spectrograms.watch('a', socket as never);
    socket.bufferedAmount = 1e6;
    for (let i = 0; i < 50; i++) listener?.(COLUMNS);
    expect(sent).toHaveLength(1); // the hello
    socket.bufferedAmount = 0;
    listener?.(COLUMNS);
    expect(JSON.parse(sent.at(-1)!)).toMatchObject({ type: 'mel', dropped: 50 });
  });
});
