import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { listening, missing, startWith } from '../serve-process.ts';
import { Client, sender, tempFolder, tone, until } from '../support.ts';

if (missing !== '') console.warn(`The test of a stopped server is skipped: ${missing} is missing.`);

const STOPPED_MS = 5_000;
const CHUNK_MS = 100;
const NAMES = ['booth', 'hall'];

/** A core that is taken away for seconds, and audio that goes on meanwhile. */
describe.skipIf(missing !== '' || process.platform === 'win32')('a server that is stopped for 5 s', () => {
  test('goes on with all its streams, which lose no time', { timeout: 120_000 }, async () => {
    const config = join(import.meta.dirname, 'no-streams.json');
    const server = startWith(
      {},
      ...['--config', config, '--port', '0', '--engine', 'wasm', '--data-dir', tempFolder()],
    );
    const address = await listening(server);
    const live = new Client(address, '/v1/live');
    await live.received('hello');
    const senders = await Promise.all(NAMES.map((name) => sender(address, name)));
    await Promise.all(senders.map((client) => client.received('ready')));
    const chunk = tone(CHUNK_MS / 1000);
    let sent = 0;
    const pump = setInterval(() => {
      for (const { socket } of senders) socket.send(chunk);
      sent++;
    }, CHUNK_MS);
    try {
      const framesOf = (name: string) => live.of('emotion').filter(({ stream }) => stream === name);
      const reached = (seconds: number) => NAMES.every((name) => (framesOf(name).at(-1)?.t ?? 0) >= seconds);
      await until(() => reached(2), 'the first frames');
      server.child.kill('SIGSTOP');
      await sleep(STOPPED_MS);
      server.child.kill('SIGCONT');
      const wanted = (sent * CHUNK_MS) / 1000 + 2;
      await until(() => reached(wanted), 'the frames after it');
      for (const name of NAMES) {
        // Audio that was skipped counts as time, with a gap; no step is missing.
        const frames = framesOf(name);
        expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, i) => i));
        expect(frames.map(({ t }) => t)).toEqual(frames.map((_, i) => (i + 1) / 2));
        const gaps = live.of('gap').filter(({ stream }) => stream === name);
        for (const { reason } of gaps) expect(['overload', 'overflow']).toContain(reason);
      }
      expect(live.of('stream-stopped')).toEqual([]);
    } finally {
      clearInterval(pump);
    }
  });
});
