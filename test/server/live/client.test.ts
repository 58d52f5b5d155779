import { expect, onTestFinished, test, vi } from 'vitest';
import { LIMITS } from '../../../src/server/limits.ts';
import { LiveClient } from '../../../src/server/live/client.ts';
import { type LiveTransport, noteOf } from '../../../src/server/live/transport.ts';
import type { StreamMessage } from '../../../src/types.ts';
import { frameOf } from '../support.ts';

/** A connection that buffers everything until `flush`. */
function fakeTransport() {
  const sent: string[] = [];
  let waiting: (() => void)[] = [];
  const fake = {
    isOpen: true as boolean,
    bufferedBytes: 0,
    reason: '',
    send(text: Uint8Array, _note: unknown, onFlushed?: () => void) {
      const { type, stream = '', seq = '', count = '' } = JSON.parse(String(text));
      sent.push(`${type} ${stream}${seq}${count}`.trim());
      fake.bufferedBytes += text.length;
      if (onFlushed) waiting.push(onFlushed);
    },
    disconnect(reason: string) {
      fake.isOpen = false;
      fake.reason = reason;
    },
    /** The client reads everything; returns what it read. */
    flush(): string[] {
      fake.bufferedBytes = 0;
      const read = sent.splice(0);
      const flushed = waiting;
      waiting = [];
      for (const done of flushed) done();
      return read;
    },
  } satisfies LiveTransport & Record<string, unknown>;
  return fake;
}

const FRAME_BYTES = JSON.stringify(frameOf('a', 0)).length;

function connect(limits: Partial<typeof LIMITS> = {}) {
  const transport = fakeTransport();
  // Two frames fit, the third fills the buffer.
  const client = new LiveClient(transport, { ...LIMITS, liveBufferBytes: 2.5 * FRAME_BYTES, ...limits });
  const send = (message: StreamMessage) =>
    client.send(Buffer.from(JSON.stringify(message)), noteOf(message, 1));
  const frame = (stream: string, seq: number) => send(frameOf(stream, seq, 0));
  const event = (stream: string, type: 'stream-started' | 'stream-stopped') =>
    send({ type, stream, t: 0, time: '', message: '' });
  return { transport, client, frame, event };
}

test('a client that reads gets every message at once', () => {
  const { transport, client, frame } = connect();
  for (let seq = 0; seq < 10; seq++) {
    frame('a', seq);
    expect(transport.flush()).toEqual([`emotion a${seq}`]);
  }
  expect(client.skipped).toBe(0);
});

test('a client that falls behind gets the newest frame of each stream, and how many it missed', () => {
  const { transport, client, frame } = connect();
  for (let seq = 0; seq < 10; seq++) for (const stream of ['a', 'b']) frame(stream, seq);
  // a0, b0 and a1 filled the buffer; b1 to b8 and a2 to a8 were replaced.
  expect(client.skipped).toBe(15);
  expect(transport.flush()).toEqual(['emotion a0', 'emotion b0', 'emotion a1']);
  expect(transport.flush()).toEqual(['skipped 15', 'emotion b9', 'emotion a9']);
  frame('a', 10);
  expect(transport.flush()).toEqual(['emotion a10']);
  expect(client.skipped).toBe(15);
});

test('what does not fit is held again, and every stream has its turn', () => {
  const { transport, frame } = connect();
  const streams = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const seen = new Set<string>();
  for (let seq = 0; seq < 10; seq++) {
    for (const stream of streams) frame(stream, seq);
    for (const one of transport.flush()) seen.add(one.slice(0, -1));
  }
  for (const stream of streams) expect(seen).toContain(`emotion ${stream}`);
});

test('events are kept in their place among the frames of their stream, up to a bound', () => {
  const { transport, client, frame, event } = connect();
  for (let seq = 0; seq < 5; seq++) frame('a', seq);
  event('a', 'stream-stopped');
  event('a', 'stream-started');
  for (let seq = 0; seq < 3; seq++) frame('a', seq);
  transport.flush();
  const after = [...transport.flush(), ...transport.flush(), ...transport.flush()];
  expect(after.filter((one) => !one.startsWith('skipped'))).toEqual([
    'emotion a4',
    'stream-stopped a',
    'stream-started a',
    'emotion a2',
  ]);
  for (let seq = 0; seq < 3; seq++) frame('a', seq);
  const before = client.skipped;
  for (let i = 0; i < 150; i++) event('a', 'stream-started');
  expect(client.skipped - before).toBe(50);
});

test('a client that stays behind is disconnected; one that makes progress is not', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { transport, client, frame } = connect({ slowClientMs: 50 });
  for (let round = 0; round < 3; round++) {
    for (let seq = 0; seq < 20; seq++) frame('a', seq);
    vi.advanceTimersByTime(30);
    client.sweep();
    transport.flush();
  }
  expect(transport.isOpen).toBe(true);
  transport.flush();
  for (let seq = 0; seq < 20; seq++) frame('a', seq);
  vi.advanceTimersByTime(80);
  client.sweep();
  expect(transport.reason).toBe('This client reads too slowly.');
  frame('a', 20); // Nothing is sent to a closed connection.
});
