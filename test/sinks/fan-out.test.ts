import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createDeliveryQueue } from '../../src/sinks/delivery-queue.ts';
import { createFanOut, type FanOutOptions } from '../../src/sinks/fan-out.ts';
import type { PublishedMessage, Sink, StreamEvent, StreamMessage } from '../../src/types.ts';
import { frameOf, soon } from '../server/support.ts';

const event = (type: 'stream-started' | 'stream-stopped', t = 0): StreamEvent => ({
  type,
  stream: 'a',
  t,
  time: '2026-11-20T20:15:03.512Z',
  message: 'Why.',
});

/** A fan-out with recorded log lines and a clock that the test sets. */
function fanOut(options: Partial<FanOutOptions> = {}) {
  const lines: { sink: string; msg: string }[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const clock = { ms: 0 };
  const sinks = createFanOut({ logger, now: () => clock.ms, ...options });
  const frames = (count: number) => {
    for (let seq = 0; seq < count; seq++) sinks.publish(frameOf('a', seq), { run: 1, seq });
  };
  const countersOf = (name: string) => sinks.counters().find((one) => one.name === name);
  return { sinks, frames, lines, clock, countersOf };
}

/** A sink that records messages, also in `all`, which several recorders share. */
function recorder(name: string, all: string[] = []): Sink & { written: PublishedMessage[] } {
  const written: PublishedMessage[] = [];
  return {
    name,
    written,
    write(published) {
      written.push(published);
      const { message } = published;
      all.push(`${name} ${message.type}${message.type === 'emotion' ? message.seq : ''}`);
    },
  };
}

const seqs = ({ written }: { written: PublishedMessage[] }) =>
  written.map(({ message }) => message.type === 'emotion' && message.seq);

const broken = (name = 'broken'): Sink => ({
  name,
  write: () => {
    throw new Error('Disk full.');
  },
});

describe('the order', () => {
  test('writes each message to all sinks, in the order in which they were added, before the next message', () => {
    const { sinks, frames } = fanOut();
    const order: string[] = [];
    for (const name of ['c', 'a', 'b']) sinks.add(recorder(name, order));
    frames(2);
    expect(order).toEqual([
      'c emotion0',
      'a emotion0',
      'b emotion0',
      'c emotion1',
      'a emotion1',
      'b emotion1',
    ]);
  });

  test('runs the transform first, and numbers added messages after the newest frame', () => {
    const alert = { ...event('stream-started'), type: 'alert-raised', alert: 'quiet' } as StreamEvent;
    const { sinks } = fanOut({
      transform: (message) => (message.type === 'stream-stopped' ? [alert, message] : [message, alert]),
    });
    const sink = recorder('a');
    sinks.add(sink);
    sinks.publish(frameOf('a', 4), { run: 7, seq: 4 });
    sinks.publish(event('stream-stopped'), { run: 7, seq: 5 });
    expect(sink.written.map(({ message, run, seq }) => [message.type, run, seq])).toEqual([
      ['emotion', 7, 4],
      ['alert-raised', 7, 5],
      ['alert-raised', 7, 5],
      ['stream-stopped', 7, 5],
    ]);
  });

  test('shares one serialization among all sinks, with the run of a stream that starts', () => {
    const { sinks } = fanOut();
    const [first, second] = [recorder('first'), recorder('second')];
    for (const sink of [first, second]) sinks.add(sink);
    sinks.publish(event('stream-started'), { run: 7, seq: 0 });
    expect(first.written[0]!.json).toBe(second.written[0]!.json);
    expect(JSON.parse(String(first.written[0]!.json))).toEqual({ ...event('stream-started'), run: 7 });
    expect(first.written[0]!.message).not.toHaveProperty('run');
  });

  test('refuses a second sink of the same name, and stops writing to a removed one', () => {
    const { sinks, frames } = fanOut();
    const sink = recorder('a');
    const remove = sinks.add(sink);
    expect(() => sinks.add(recorder('a'))).toThrow(/already a sink named "a"/);
    frames(1);
    remove();
    frames(1);
    expect(sink.written).toHaveLength(1);
  });
});

describe('a sink that fails', () => {
  test('on every message is counted and logged once a minute, while the others receive every message', () => {
    const { sinks, frames, lines, clock, countersOf } = fanOut();
    const [before, after] = [recorder('before'), recorder('after')];
    for (const sink of [before, broken(), after]) sinks.add(sink);
    frames(3);
    expect([seqs(before), seqs(after)]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(countersOf('broken')).toMatchObject({ written: 0, errors: 3 });
    expect(countersOf('after')).toMatchObject({ written: 3, errors: 0 });
    clock.ms = 60_000;
    frames(1);
    expect(lines.map(({ sink, msg }) => [sink, msg])).toEqual([
      ['broken', 'The sink "broken" failed on a message.'],
      ['broken', 'The sink "broken" failed on a message. 2 more errors since the last one logged.'],
    ]);
  });

  test('by rejecting is counted, and does not end the process', async () => {
    const { sinks, frames, countersOf } = fanOut();
    const after = recorder('after');
    sinks.add({ name: 'async', write: async () => Promise.reject(new Error('No route.')) });
    sinks.add(after);
    frames(2);
    await soon();
    expect(countersOf('async')).toMatchObject({ written: 0, errors: 2 });
    expect(seqs(after)).toEqual([0, 1]);
  });

  test('when its counts are read is listed without them', () => {
    const { sinks, countersOf } = fanOut();
    const counts = () => {
      throw new Error('Closed.');
    };
    sinks.add({ ...recorder('a'), counts });
    sinks.add({ ...recorder('b'), counts: () => ({ queued: 1, dropped: 2 }) });
    expect(countersOf('a')).toMatchObject({ queued: undefined, dropped: 0 });
    expect(countersOf('b')).toMatchObject({ queued: 1, dropped: 2 });
  });

  test('does not affect the others where the logger fails too', () => {
    const logger = {
      error: () => broken().write({} as PublishedMessage),
    } as unknown as FanOutOptions['logger'];
    const { sinks, frames } = fanOut({ logger });
    const after = recorder('after');
    for (const sink of [broken(), after]) sinks.add(sink);
    frames(1);
    expect(seqs(after)).toEqual([0]);
  });

  test('may be the transform: the message is published unchanged', () => {
    const { sinks, frames, countersOf } = fanOut({
      transform: () => {
        throw new Error('No such rule.');
      },
    });
    const sink = recorder('a');
    sinks.add(sink);
    frames(2);
    expect(seqs(sink)).toEqual([0, 1]);
    expect(countersOf('alerts')).toMatchObject({ errors: 2 });
  });
});

test('a slow sink has a bounded queue, drops and counts the rest, delivers in order, and delays no other sink', async () => {
  const { sinks, frames, countersOf } = fanOut();
  const delivered: number[] = [];
  let release = () => {};
  const queue = createDeliveryQueue<StreamMessage>({
    maxQueued: 3,
    deliver: async ([message]) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      if (message.type === 'emotion') delivered.push(message.seq);
      return undefined;
    },
    onDropped: () => {},
  });
  const after = recorder('after');
  sinks.add({
    name: 'slow',
    write: ({ message }) => queue.push(message),
    counts: () => ({ queued: queue.items.length, dropped: queue.dropped }),
    close: queue.close,
  });
  sinks.add(after);
  frames(10);
  expect(after.written).toHaveLength(10);
  expect(countersOf('slow')).toEqual({ name: 'slow', written: 10, errors: 0, queued: 3, dropped: 7 });
  for (let i = 0; i < 2; i++) {
    release();
    await soon();
  }
  expect(delivered).toEqual([0, 1]);
  await sinks.close(1_000);
  expect(countersOf('slow')).toMatchObject({ queued: 0, dropped: 8 });
});

describe('closing', () => {
  test('closes all sinks in order, also after one that throws and one that rejects', async () => {
    const { sinks, frames, lines } = fanOut();
    const closed: string[] = [];
    const closing = (name: string, fault?: () => void | Promise<void>): Sink => ({
      ...recorder(name),
      close: () => {
        closed.push(name);
        return fault?.();
      },
    });
    const last = recorder('last');
    sinks.add(closing('first'));
    sinks.add(
      closing('throws', () => {
        throw new Error('Gone.');
      }),
    );
    sinks.add(closing('rejects', () => Promise.reject(new Error('Gone.'))));
    sinks.add(closing('next'));
    sinks.add(last);
    await sinks.close(1_000);
    expect(closed).toEqual(['first', 'throws', 'rejects', 'next']);
    expect(lines.map(({ sink, msg }) => [sink, msg])).toEqual([
      ['throws', 'The sink "throws" could not close.'],
      ['rejects', 'The sink "rejects" could not close.'],
    ]);
    frames(1);
    expect(last.written).toEqual([]);
  });

  test('stops waiting after a time', async () => {
    const { sinks, lines } = fanOut();
    sinks.add({ ...recorder('stuck'), close: () => new Promise<void>(() => {}) });
    await sinks.close(1);
    expect(lines.map(({ msg }) => msg)).toEqual(['The sink "stuck" did not close within 1 ms.']);
  });
});
