import { expect, test } from 'vitest';
import { holdUp } from '../../support/hold-up.ts';
import { Client, sleep, startServer, until } from '../support.ts';

test('a peer that does not answer pings is disconnected; one that does stays connected', async () => {
  // Long enough for a busy machine.
  const pingMs = 1_000;
  const server = await startServer({ limits: { pingMs } });
  const [dead, alive] = [new Client(server, '/v1/live'), new Client(server, '/v1/live')];
  await dead.received('hello');
  await alive.received('hello');
  dead.socket.pong = () => {};
  // ws answers pings internally; a paused socket does not.
  dead.socket.pause();
  await sleep(3 * pingMs);
  dead.socket.resume();
  expect((await dead.closed).code).toBe(1006);
  expect(alive.socket.readyState).toBe(alive.socket.OPEN);
});

test('a server that was held up keeps a peer whose answer has arrived meanwhile', async () => {
  const pingMs = 200;
  const server = await startServer({ limits: { pingMs } });
  const { socket } = await new Client(server, '/v1/live').opened();
  let pings = 0;
  socket.on('ping', () => {
    if (++pings === 1) holdUp(2 * pingMs); // It has answered.
  });
  await until(() => pings > 2 || socket.readyState > socket.OPEN, 'more pings');
  expect(socket.readyState).toBe(socket.OPEN);
});
