import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createEventLog } from '../../src/sinks/event-log.ts';
import { publishedMessage } from '../../src/sinks/fan-out.ts';
import type { StreamEvent } from '../../src/types.ts';

const gap = (stream: string): StreamEvent => ({
  type: 'gap',
  stream,
  t: 1,
  time: '2026-11-20T20:15:03.512Z',
  message: 'Samples were no numbers.',
  reason: 'invalid-samples',
  seconds: 0.5,
});

test('endless gaps of a source are logged once a minute, with their number', () => {
  const lines: { level: number; stream: string; msg: string; more?: number; moreSeconds?: number }[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  let nowMs = 0;
  const eventLog = createEventLog(logger, () => nowMs);
  const log = (event: StreamEvent) => eventLog.write(publishedMessage(event, 1, 0));
  for (nowMs = 0; nowMs <= 120_000; nowMs += 500) log(gap('nan'));
  log(gap('other'));
  expect(lines.map(({ stream, more, moreSeconds }) => ({ stream, more, moreSeconds }))).toEqual([
    { stream: 'nan', more: undefined, moreSeconds: undefined },
    { stream: 'nan', more: 119, moreSeconds: 59.5 },
    { stream: 'nan', more: 119, moreSeconds: 59.5 },
    { stream: 'other', more: undefined, moreSeconds: undefined },
  ]);
  expect(lines.every(({ level }) => level === 40)).toBe(true);
});

test('the alert of a lost source does not repeat why it was lost', () => {
  const messages: string[] = [];
  const logger = pino({}, { write: (line: string) => void messages.push(JSON.parse(line).msg) });
  const eventLog = createEventLog(logger);
  const at = { stream: 'a', t: 1, time: '2026-11-20T20:15:03.512Z' };
  const log = (event: StreamEvent) => eventLog.write(publishedMessage(event, 1, 0));
  const alert = (message: string): StreamEvent => ({ type: 'alert-raised', ...at, alert: 'gone', message });
  log({ type: 'source-lost', ...at, message: 'The connection dropped.' });
  log(alert('The source was lost. The connection dropped.'));
  log(alert('There was silence for 5s.'));
  expect(messages).toEqual([
    'The connection dropped.',
    'The alert "gone" was raised.',
    'There was silence for 5s.',
  ]);
});
