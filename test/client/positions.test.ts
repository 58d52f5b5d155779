import { expect, test } from 'vitest';
import { Positions } from '../../src/client/positions.ts';
import type { LiveHello, StreamInfo } from '../../src/types.ts';

const info = (stream: string, run: number): StreamInfo => ({
  ...{ stream, run, source: 'demo:', state: 'running', startedAt: '2026-11-20T10:00:00.000Z' },
  ...{ message: null, last: null },
});
const hello = (more: Partial<LiveHello> = {}): LiveHello => ({
  ...{ type: 'hello', protocol: 1, version: '1', model: 'fake', engine: 'none', run: 2, waiting: [] },
  streams: [info('a', 1), info('b', 2)],
  ...more,
});
const removed = (stream: string) =>
  ({ type: 'stream-removed', stream, time: '2026-11-20T10:00:01.000Z' }) as const;

test('a removed stream is not requested again', () => {
  const positions = new Positions();
  positions.receive(hello());
  expect(positions.since).toBe('a:-1:1,b:-1:2,-1:3');
  expect(positions.receive(removed('a'))).toBe(true);
  expect(positions.since).toBe('b:-1:2,-1:3');
  // Nor one that was removed while there was no connection, once the rest of it was received, each event once.
  const event = { stream: 'b', t: 1, time: '2026-11-20T10:00:00.500Z', message: '' };
  const [restored, stopped] = [
    { type: 'source-restored', ...event },
    { type: 'stream-stopped', ...event },
  ] as const;
  expect(positions.receive(restored)).toBe(true);
  positions.receive(hello({ streams: [], removed: [removed('b'), removed('c')] }));
  expect(positions.since).toBe('b:-1:2,-1:3');
  expect(positions.receive(restored)).toBe(false);
  expect(positions.receive(stopped)).toBe(true);
  expect(positions.receive(removed('b'))).toBe(true);
  expect(positions.since).toBe('-1:3');
});
