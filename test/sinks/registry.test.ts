import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createFanOut } from '../../src/sinks/fan-out.ts';
import { createSinks, SINK_KINDS } from '../../src/sinks/index.ts';
import { createStreamSinks } from '../../src/sinks/stream-sinks.ts';
import { createWebhooks } from '../../src/sinks/webhooks.ts';
import type { Sink, StreamEvent } from '../../src/types.ts';
import { Client, frameOf, manualSource, startServer } from '../server/support.ts';

test('messages reach the log, the clients, the server log, the metrics, the webhooks, the sinks of streams and the retention in this order', () => {
  const calls: string[] = [];
  const called = (name: string) => calls.push(name);
  const logger = pino({}, { write: () => called('event-log') });
  const webhooks = createWebhooks([], logger);
  const sinks = createSinks({
    log: { write: () => called('log'), flush: () => called('flush'), queued: 1, dropped: 2 },
    live: { write: () => called('live'), close: () => called('live closed'), skipped: 3 },
    logger,
    metrics: {
      registry: new Registry(),
      labelOf: (stream) => {
        called('metrics');
        return stream;
      },
    },
    webhooks: { ...webhooks, write: () => called('webhooks') },
    streamSinks: { ...createStreamSinks({ logger }), write: () => called('stream-sinks') },
    onStreamStarted: (stream) => called(`retention of ${stream}`),
    library: { noteTitle: (_, title) => called(`playing ${title}`) },
  });
  const fanOut = createFanOut({ logger });
  for (const sink of sinks) fanOut.add(sink);
  expect(sinks.map(({ name }) => name)).toEqual(SINK_KINDS.map(({ name }) => name));

  const time = '2026-11-20T20:15:03.512Z';
  const started: StreamEvent = { type: 'stream-started', stream: 'a', t: 0, time, message: 'Listening.' };
  fanOut.publish(started, { run: 1, seq: 0 });
  const expected = ['log', 'live', 'event-log', 'metrics', 'webhooks', 'stream-sinks', 'retention of a'];
  expect(calls).toEqual(expected);
  calls.length = 0;
  fanOut.publish(frameOf('a', 0), { run: 1, seq: 0 });
  expect(calls).toEqual(['log', 'live', 'metrics', 'webhooks', 'stream-sinks']);
  calls.length = 0;
  const track = {
    type: 'track',
    stream: 'a',
    t: 0,
    time,
    message: 'One',
    title: 'One',
    artist: null,
  } as const;
  fanOut.publish(track, { run: 1, seq: 1 });
  expect(calls).toContain('playing One');
  const counters = Object.fromEntries(fanOut.counters().map((counter) => [counter.name, counter]));
  expect(counters.log).toMatchObject({ queued: 1, dropped: 2 });
  expect(counters.live).toMatchObject({ dropped: 3 });
  expect(counters.webhooks).toMatchObject({ queued: 0, dropped: 0 });
});

test('a sink that fails on every message and on closing does not affect clients, log and metrics of a server', async () => {
  const a = manualSource();
  const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
  const fail = () => {
    throw new Error('Disk full.');
  };
  const failing: Sink = { name: 'failing', write: fail, counts: fail, close: fail };
  server.sinks.add(failing);
  const live = new Client(server, '/v1/live');
  await live.received('hello');
  await a.steps(5);
  await a.end();
  await live.received('stream-stopped');
  expect(live.seqs).toEqual([0, 1, 2, 3, 4]);
  const replayed = new Client(server, '/v1/live?since=-1');
  await replayed.received('stream-stopped');
  expect(replayed.seqs).toEqual([0, 1, 2, 3, 4]);

  const metrics = await (await fetch(`${server.url}metrics`)).text();
  const value = (series: string) =>
    Number(
      metrics
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length),
    );
  expect(value('undertone_steps_total{stream="a"}')).toBe(5);
  expect(value('undertone_sink_faults_total{sink="failing"}')).toBeGreaterThanOrEqual(6);
  expect(value('undertone_sink_messages_total{sink="failing"}')).toBe(0);
  expect(value('undertone_sink_messages_total{sink="live"}')).toBe(7);
  expect(value('undertone_sink_dropped_total{sink="log"}')).toBe(0);
  expect(value('undertone_sink_queue{sink="webhooks"}')).toBe(0);
  await server.close();
});
