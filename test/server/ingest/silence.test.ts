import { expect, test } from 'vitest';
import { holdUp } from '../../support/hold-up.ts';
import { Client, sender, startServer, tone, until } from '../support.ts';

test('a sender without audio: source-lost, and source-restored when it arrives again', async () => {
  const server = await startServer({ limits: { audioIdleMs: 200 } });
  const live = new Client(server, '/v1/live');
  const client = await sender(server, 'halting');
  await client.received('ready');
  client.socket.send(tone(1));
  await live.received('source-lost');
  expect(server.hub.get('halting')).toMatchObject({ state: 'lost' });
  client.socket.send(tone(1));
  await live.received('source-restored');
});

test('a sender without audio for longer: a stop', async () => {
  const server = await startServer({ limits: { audioIdleMs: 50, audioGoneMs: 200 } });
  const live = new Client(server, '/v1/live');
  await live.received('hello');
  const client = await sender(server, 'halting');
  expect((await client.received('error'))[0]).toMatchObject({ code: 'audio-timeout' });
  expect((await client.closed).code).toBe(4408);
  await live.received('stream-stopped');
});

test('audio that arrives while the server is held up counts before its absence', async () => {
  const server = await startServer({ limits: { audioIdleMs: 400, audioGoneMs: 800 } });
  const live = new Client(server, '/v1/live');
  await live.received('hello');
  const client = await sender(server, 'mic');
  await client.received('ready');
  client.socket.send(tone(1));
  holdUp(1_000);
  const isOver = () => live.of('stream-stopped').length > 0;
  await until(() => live.of('emotion').length === 2 || isOver(), 'the frames');
  const types = live.messages.map(({ type }) => type);
  expect(types.slice(0, 4)).toEqual(['hello', 'stream-started', 'emotion', 'emotion']);
});
