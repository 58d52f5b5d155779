import { Observable, of } from 'rxjs';
import { expect, test } from 'vitest';
import { measureCost, usableCores } from '../../../src/server/streams/capacity.ts';
import type { StartTracker } from '../../../src/server/streams/hub-options.ts';
import type { StreamMessage } from '../../../src/types.ts';
import { Client, manualSource, sender, startServer } from '../support.ts';

test('measures the CPU time of a tracker that analyzes a second of stereo', async () => {
  const samples = new Map<string, number>();
  const work: StartTracker = (source, stream) => ({
    messages$: new Observable<StreamMessage>((subscriber) => {
      void (async () => {
        let count = 0;
        for await (const item of source.open(new AbortController().signal))
          if (item.type === 'audio') count += item.samples.length;
        samples.set(stream, count);
        const start = process.cpuUsage();
        while (process.cpuUsage(start).user < 20_000);
        subscriber.next(stopped());
        subscriber.complete();
      })();
    }),
  });
  const cost = await measureCost(work);
  expect(cost).toBeGreaterThanOrEqual(0.019);
  expect(new Set(samples.values())).toEqual(new Set([2 * 44_100]));
});

test('a tracker that fails costs nothing, so the stream itself reports its error', async () => {
  expect(await measureCost(() => ({ messages$: of(stopped('internal')) }))).toBe(0);
});

test('a fifth of the cores is left to everything else', () => {
  expect(usableCores(2)).toBe(1.6);
  expect(usableCores()).toBeGreaterThan(0);
});

test('a stream beyond the capacity is refused with the limit and the key; a stopped one makes room', async () => {
  const server = await startServer({ cores: 1, cost: 0.4, limits: { streams: 100 } });
  const first = await sender(server, 'one');
  await first.received('ready');
  await (await sender(server, 'two')).received('ready');
  expect(server.hub.load).toBeCloseTo(0.8);
  const third = await sender(server, 'three');
  const [error] = await third.received('error');
  expect(error).toMatchObject({
    code: 'too-many-streams',
    message:
      'This machine has no room for another stream: it can analyze about 2 of "fake" in real time, and runs 2. Stop one first, use a lighter model, or set "limits.streams" in the configuration to allow more.',
  });
  expect((await third.closed).code).toBe(4429);
  // A lighter model still fits.
  server.hub.add('light', manualSource().source, { cost: 0.2, model: 'light' });
  const live = new Client(server, '/v1/live');
  await live.received('hello');
  first.socket.close();
  await live.received('stream-stopped');
  await (await sender(server, 'three')).received('ready');
});

test('the first stream starts even where one is more than the machine can do', async () => {
  const server = await startServer({ cores: 1, cost: 3 });
  await (await sender(server, 'one')).received('ready');
  const second = await sender(server, 'two');
  expect((await second.received('error'))[0].message).toContain('about 1 of "fake"');
});

const stopped = (code?: string): StreamMessage => ({
  type: 'stream-stopped',
  stream: 'x',
  t: 0,
  time: '',
  message: '',
  ...(code !== undefined && { code }),
});
