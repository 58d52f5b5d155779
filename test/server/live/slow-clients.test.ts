import { describe, expect, test } from 'vitest';
import { Log } from '../../../src/log/log.ts';
import { writeRun } from '../../log/open-log.ts';
import { parseExposition } from '../metrics/exposition.ts';
import { RawSocket } from '../raw-socket.ts';
import { listening, missing, startWith } from '../serve-process.ts';
import { Client, frameOf, sleep, tempFolder, until } from '../support.ts';

const HOUR_OF_FRAMES = 7_200;
const PAST = ['a', 'b', 'c', 'd'].map((letter) => `past-${letter}`);
/** No option shortens the program's limits: 10 s for slow clients, two pings of 30 s for silent ones. */
const SLOW = { timeout: 600_000 };

describe.skipIf(missing !== '')('undertone serve', () => {
  test(
    'disconnects clients that do not read or answer pings, buffers little for them, and keeps playing',
    SLOW,
    async () => {
      const dataDir = tempFolder();
      const log = new Log({ dataDir });
      const beginMs = Date.now() - HOUR_OF_FRAMES * 500;
      for (const name of PAST)
        writeRun(
          log,
          Array.from({ length: HOUR_OF_FRAMES }, (_, seq) => frameOf(name, seq, beginMs + seq * 500)),
        );
      log.close();
      const server = startWith({}, ...['--source', 'demo:', '--port', '0', '--data-dir', dataDir]);
      const address = await listening(server);
      const live = new Client(address, '/v1/live');
      await live.received('emotion');

      const silent = new RawSocket(address.port, '/v1/live?streams=none'); // Does not answer pings.
      await silent.opened;
      // Requests about 25 MB, far more than the system buffers for a connection, and reads none of it.
      const paused = new RawSocket(address.port, `/v1/live?since=-1&streams=${PAST.join(',')}`);
      await paused.opened;
      paused.socket.pause();
      let most = 0;
      const readings = async () => {
        const families = parseExposition(await (await fetch(`${address.url}metrics`)).text());
        const value = (name: string) => families.get(name)?.samples[0]?.value ?? Number.NaN;
        most = Math.max(most, value('undertone_live_queue_bytes'));
        return { clients: value('undertone_live_clients') };
      };
      const deadlineMs = Date.now() + 300_000;
      while ((await readings()).clients > 2 && Date.now() < deadlineMs) await sleep(250);
      expect((await readings()).clients).toBeLessThanOrEqual(2);
      expect(most).toBeGreaterThan(256 * 1024);
      expect(most).toBeLessThan(2 * 1024 * 1024);
      paused.socket.resume();
      await paused.ended;
      await silent.ended;

      const count = live.of('emotion').length;
      await until(() => live.of('emotion').length >= count + 2, 'more frames');
      expect(live.seqs).toEqual(live.seqs.map((_, i) => live.seqs[0]! + i));
      expect(live.socket.readyState).toBe(live.socket.OPEN);
      expect(await readings()).toEqual({ clients: 1 });
    },
  );
});
