import { expect, test } from 'vitest';
import { ChunkQueue } from '../../../src/stream/chunk-queue.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { track } from '../../../src/tracker.ts';
import type { Source } from '../../../src/types.ts';
import { sine } from '../../support/audio.ts';
import { fakeModel } from '../../support/fake-model.ts';
import { Client, startServer, until } from '../support.ts';
import { parseExposition } from './exposition.ts';

const RATE = 8000;
const HALF_SECOND = sine(220, 0.5, RATE);

test('/metrics shows the audio that a slow engine loses, and its lag', async () => {
  let release = () => {};
  let steps = 0;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const model = fakeModel();
  const slow = {
    model,
    step: async (input: Parameters<typeof model.step>[0][number]) => {
      steps++;
      await released;
      return model.step([input])[0]!;
    },
  };
  let queue: ChunkQueue | undefined;
  const soundCard: Source = {
    uri: 'test:',
    open: (signal) => {
      queue = new ChunkQueue({ signal });
      return queue;
    },
  };
  const fft = await loadFft();
  const server = await startServer({
    startTracker: (source, stream) => track(source, { stream, stepper: slow, fft }),
    sources: [{ name: 'card', source: soundCard }],
  });
  const live = new Client(server, '/v1/live');
  await live.received('hello');
  // Audio that arrived 3 s ago, so that the test does not depend on the speed of the machine.
  const push = () =>
    queue!.push({
      type: 'audio',
      sampleRateHz: RATE,
      channels: 1,
      samples: HALF_SECOND,
      arrivedAtMs: performance.now() - 3000,
    });
  await until(() => queue !== undefined, 'the source');
  push();
  await until(() => steps === 1, 'the first step');
  const accepted = Array.from({ length: 24 }, push).filter(Boolean).length;
  expect(accepted).toBe(10); // 5 s are queued, 7 s are lost.
  release();
  await live.received('emotion', 11);
  push();
  await live.received('gap');
  await live.received('emotion', 11 + 14 + 1);

  const metrics = parseExposition(await (await fetch(`${server.url}metrics`)).text());
  const value = (name: string, labels: Record<string, string>) =>
    metrics
      .get(name)
      ?.samples.find((sample) => Object.entries(labels).every(([key, of]) => sample.labels[key] === of))
      ?.value;
  expect(value('undertone_gaps_total', { stream: 'card', reason: 'overflow' })).toBe(1);
  expect(value('undertone_gap_seconds_total', { stream: 'card', reason: 'overflow' })).toBe(7);
  expect(value('undertone_stream_lag_seconds', { stream: 'card' })).toBeGreaterThanOrEqual(3);
  expect(value('undertone_steps_total', { stream: 'card' })).toBe(26);
  const info = (await (await fetch(`${server.url}v1/streams/card`)).json()) as { lagSeconds: number };
  expect(info.lagSeconds).toBeGreaterThanOrEqual(3);
});
