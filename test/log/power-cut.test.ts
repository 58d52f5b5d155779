import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { examine } from '../../src/log/doctor/examine.ts';
import { sleep, tempFolder, until } from '../server/support.ts';
import { CLI, isBuilt, startBusyServer } from './busy-server.ts';
import { bucketsOf, framesOf, openLog } from './open-log.ts';
import { expectAlike, referenceBuckets } from './reference-buckets.ts';
import { seededRandom } from './synthetic-frames.ts';

/** UNDERTONE_CUTS=50 makes a longer test. */
const CUTS = Number(process.env.UNDERTONE_CUTS ?? 8);
const STREAMS = 3;

/** For how long a server has emitted frames, in ms. */
function emitsFor({ emitted }: Awaited<ReturnType<typeof startBusyServer>>): number {
  const [first] = emitted();
  return first === undefined ? 0 : Date.now() - first.atMs;
}

describe.skipIf(!isBuilt)('a server that is killed repeatedly', () => {
  test(
    `loses at most the last second, ${CUTS} times, and its log is never damaged`,
    async () => {
      const dataDir = tempFolder();
      const file = join(dataDir, 'undertone.db');
      const random = seededRandom(9);
      /** By run: number of frames emitted until a second before the kill, and in total. */
      const expected = new Map<number, number>();
      const emitted = new Map<number, number>();
      for (let cut = 0; cut < CUTS; cut++) {
        const server = await startBusyServer(dataDir, { STREAMS: String(STREAMS), STEP_MS: '4' });
        // Some kills are during commits, and during packing of what the last server left.
        await sleep(50 + 1_250 * random() ** 2);
        if (cut === CUTS - 1) await until(() => emitsFor(server) > 1_000, 'more than a second of frames');
        const killedMs = Date.now();
        await server.end('SIGKILL');
        for (const { run, seq, atMs } of server.emitted()) {
          emitted.set(run, seq + 1);
          if (atMs < killedMs - 1_000) expected.set(run, seq + 1);
        }
        if (cut % 5 === 4) expect(examine({ file }).filter(({ status }) => status === 'fault')).toEqual([]);
      }
      const doctor = await promisify(execFile)(process.execPath, [
        CLI,
        'doctor',
        '--full',
        '--data-dir',
        dataDir,
      ]);
      expect(doctor.stdout).toMatch(/^database +ok /m);
      expect(doctor.stdout).toMatch(/^frames +ok /m);
      expect(doctor.stdout).toMatch(/^gaps +ok +No frame is missing/m);
      expect(doctor.stdout).toMatch(/^rollups +ok /m);

      const log = openLog({ dataDir });
      for (const packed of [false, true]) {
        if (packed) await log.settle();
        for (let i = 0; i < STREAMS; i++) {
          const stream = `stream-${i}`;
          const frames = await framesOf(log, stream);
          let at = 0;
          for (const { run, lastSeq } of log.history.runs(stream)) {
            // Without a gap from its first frame on, and with everything up to a second before the kill.
            const seqs = frames.slice(at, at + lastSeq + 1).map(({ seq }) => seq);
            expect(seqs).toEqual(Array.from({ length: lastSeq + 1 }, (_, seq) => seq));
            expect(lastSeq + 1).toBeGreaterThanOrEqual(expected.get(run) ?? 0);
            at += lastSeq + 1;
          }
          expect(at).toBe(frames.length);
          expectAlike(await bucketsOf(log, stream, 60_000), referenceBuckets(frames, 60_000));
        }
      }
      expect([...expected.values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
      expect(Math.max(...emitted.keys())).toBeGreaterThan(CUTS);
    },
    120_000 + CUTS * 30_000,
  );
});
