import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadFft } from '../../src/stream/fft.ts';
import { track } from '../../src/tracker.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { lenaFile, readLena } from '../support/audio.ts';
import { fakeModel, fakeStepper } from '../support/fake-model.ts';
import { expectSameFrames, framesOf } from '../support/frames.ts';
import { chunkedSource } from '../support/sources.ts';
import { Client, sender, startServer, until } from './support.ts';

/** A server with the real tracker and a fake network. */
const fft = await loadFft();

async function startTracking() {
  const model = fakeModel();
  const stepper = fakeStepper(model);
  const server = await startServer({
    startTracker: (source, stream) => track(source, { stream, stepper, fft }),
  });
  return { server, model };
}

describe('audio in over a socket, emotion out', () => {
  test('gives the frames of offline tracking, live and from the log', async () => {
    const { server, model } = await startTracking();
    const offline = await framesOf(
      track(chunkedSource(readLena(), { sampleRateHz: 44_100, channels: 1 }), {
        stream: 'lena',
        stepper: fakeStepper(),
        fft,
      }),
    );
    const watchers = [new Client(server, '/v1/live'), new Client(server, '/v1/live?streams=lena')];
    for (const watcher of watchers) await watcher.received('hello');
    const client = await sender(server, 'lena', { sampleRate: 44_100 });
    await client.received('ready');
    const pcm = readFileSync(lenaFile('wav')).subarray(44);
    for (let at = 0; at < pcm.length; at += 9_999) client.socket.send(pcm.subarray(at, at + 9_999));
    client.socket.close();
    for (const watcher of watchers) {
      await watcher.received('stream-stopped');
      expectSameFrames(watcher.of('emotion') as EmotionFrame[], offline);
    }
    const answer = await fetch(`${server.url}v1/streams/lena/emotions`);
    const logged = (await answer.json()) as { frames: EmotionFrame[] };
    expect(logged.frames).toEqual(watchers[0]!.of('emotion'));
    // One inference per step, however many clients watch.
    expect(model.steps).toBe(offline.filter((frame) => frame.activity === 'music').length);
  });

  test.each([
    ['8-bit at 8 kHz', { format: 'u8', sampleRate: 8_000, channels: 1 }, 1],
    ['24-bit stereo at 96 kHz', { format: 's24le', sampleRate: 96_000, channels: 2 }, 3],
    ['six channels of floats at 192 kHz', { format: 'f32le', sampleRate: 192_000, channels: 6 }, 4],
  ])('%s is accepted', async (_what, hello, bytes) => {
    const { server } = await startTracking();
    const client = await sender(server, 'odd', hello);
    await client.received('ready');
    const audio = Buffer.alloc(2 * hello.sampleRate * hello.channels * bytes);
    for (let at = 0; at < audio.length; at += 60_001) client.socket.send(audio.subarray(at, at + 60_001));
    await until(() => server.hub.get('odd')?.last?.seq === 3, 'four frames');
  });

  test('samples that are not numbers become silence and a gap; the stream continues', async () => {
    const { server } = await startTracking();
    const live = new Client(server, '/v1/live');
    await live.received('hello');
    const client = await sender(server, 'nan', { format: 'f32le', sampleRate: 8_000 });
    await client.received('ready');
    const samples = new Float32Array(40_000).map((_, i) =>
      i > 20_000 && i < 22_000 ? Number.NaN : 0.3 * Math.sin(i / 5),
    );
    for (let at = 0; at < samples.length; at += 8_000) client.socket.send(samples.subarray(at, at + 8_000));
    client.socket.close();
    await live.received('stream-stopped');
    const lost = live.of('gap').reduce((sum, gap) => sum + gap.seconds, 0);
    expect(live.of('gap')[0]).toMatchObject({ reason: 'invalid-samples' });
    expect(lost).toBeCloseTo(0.25, 2);
    expect(live.seqs).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
