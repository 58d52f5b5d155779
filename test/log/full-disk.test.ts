import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { examine } from '../../src/log/doctor/examine.ts';
import { Client, tempFolder, until } from '../server/support.ts';
import { isBuilt, startBusyServer } from './busy-server.ts';
import { framesOf, openLog } from './open-log.ts';

/** A disk of a few megabytes; undefined if none can be mounted. */
function smallDisk(megabytes: number): string | undefined {
  const folder = tempFolder();
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  if (mount.status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
if (!canMount) console.warn('The test of a full disk is skipped: it needs root to mount a small one.');

describe.skipIf(!isBuilt || !canMount)('a full disk', () => {
  test('is reported, stops only the log, and loses nothing once there is space again', async (context) => {
    const dataDir = smallDisk(12);
    if (!dataDir) return context.skip('no small disk can be mounted here');
    const server = await startBusyServer(dataDir, { STREAMS: '2', STEP_MS: '20' });
    const health = async () =>
      (await (await fetch(`${server.url}healthz`)).json()) as Record<string, unknown>;
    const live = await new Client({ port: Number(new URL(server.url).port) }, '/v1/live').opened();
    await live.received('emotion', 100);

    const filler = join(dataDir, 'filler');
    fill(filler);
    const [failed] = await live.received('notice');
    expect(failed).toMatchObject({
      code: 'log-failed',
      message: expect.stringContaining('the disk is full'),
    });
    expect(await health()).toMatchObject({ status: 'degraded', log: 'failing' });
    const received = live.of('emotion').length;
    await live.received('emotion', received + 100); // The streams continue.
    expect(live.of('notice')).toHaveLength(1); // Reported once.

    rmSync(filler);
    await until(() => live.of('notice').length > 1, 'the recovery');
    expect(live.of('notice')[1]).toMatchObject({
      code: 'log-restored',
      message: expect.stringContaining('nothing was lost'),
    });
    expect(await health()).toMatchObject({ status: 'ok', log: 'ok', logDropped: 0 });
    await server.end('SIGTERM');

    expect(
      examine({ file: join(dataDir, 'undertone.db'), full: true })
        .filter(({ status }) => status === 'fault')
        .map(({ check }) => check),
    ).toEqual(['free space']);
    const log = openLog({ dataDir });
    for (const stream of ['stream-0', 'stream-1']) {
      const seqs = (await framesOf(log, stream)).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, i) => i));
      expect(seqs.length).toBeGreaterThanOrEqual(server.emitted().filter(({ run }) => run === 1).length - 1);
    }
    log.close();
  });
});

/** Writes a file until the disk is full; the server writes meanwhile, too. */
function fill(path: string): void {
  const block = Buffer.alloc(4096);
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
}
