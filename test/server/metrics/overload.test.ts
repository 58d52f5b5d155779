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

test('an engine that is too slow shows in /metrics: what was lost for it, and how late what is left comes', async () => {
  let release = () => {};
  let asked = 0;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const model = fakeModel();
  const slow = {
    model,
    step: async (input: Parameters<typeof model.step>[0][number]) => {
      asked++;
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
  await live.heard('hello');
  // What came 3 s ago: the audio's own clock, so that the test asks nothing of this machine's speed.
  const hear = () =>
    queue!.push({
      type: 'audio',
      sampleRateHz: RATE,
      channels: 1,
      samples: HALF_SECOND,
      arrivedAtMs: performance.now() - 3000,
    });
  await until(() => queue !== undefined, 'the source');
  hear();
  await until(() => asked === 1, 'the first step');
  const accepted = Array.from({ length: 24 }, hear).filter(Boolean).length;
  expect(accepted).toBe(10); // 5 s wait, and 7 s are lost.
  release();
  await live.heard('emotion', 11);
  hear();
  await live.heard('gap');
  await live.heard('emotion', 11 + 14 + 1);

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
});
