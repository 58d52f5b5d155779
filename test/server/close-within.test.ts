import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { LOG_FILE } from '../../src/log/log-files.ts';
import { closeWithin } from '../../src/server/close-within.ts';
import { WarmRestart } from '../../src/server/restart/warm-restart.ts';
import { startServer, tempFolder } from './support.ts';

function recorder() {
  const warnings: string[] = [];
  const logger = pino(
    { level: 'warn' },
    { write: (line: string) => void warnings.push(JSON.parse(line).msg) },
  );
  return { logger, warnings };
}
const never = () => new Promise<never>(() => {});

test('a shutdown that takes too long closes the log, and one sentence reports it', async () => {
  const dataDir = tempFolder();
  const server = await startServer({ dataDir });
  const { logger, warnings } = recorder();
  const hung = { close: never, closeLog: server.closeLog };
  const wal = join(dataDir, `${LOG_FILE}-wal`);
  expect(statSync(wal).size).toBeGreaterThan(0);
  expect(await closeWithin(hung, 1, logger)).toBe(false);
  expect(existsSync(wal) ? statSync(wal).size : 0).toBe(0);
  expect(warnings).toEqual([
    expect.stringMatching(/^The server did not stop within 0.001 s and was cut off: /),
  ]);
});

test('a shutdown in time reports nothing', async () => {
  const server = await startServer();
  const { logger, warnings } = recorder();
  expect(await closeWithin(server, 60_000, logger)).toBe(true);
  expect(warnings).toEqual([]);
});

test('a stream whose state never comes does not hold up the shutdown, even while states are being written', async () => {
  const dataDir = tempFolder();
  const { logger, warnings } = recorder();
  const stream = { stream: 'a', run: 1, source: 'tape:', fingerprint: 'lite', profile: undefined, atMs: 0 };
  let asked = 0;
  const save = () => {
    asked++;
    return never();
  };
  const restart = new WarmRestart({
    dataDir,
    limits: { restartMs: 1000, saveStatesMs: 1 },
    log: { history: undefined as never },
    logger,
    streams: () => [{ ...stream, save }],
  });
  restart.start();
  while (asked === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  await restart.close(5);
  expect(warnings).toEqual(['The states of the streams could not be saved within 5 ms.']);
  expect(existsSync(join(dataDir, 'undertone.state.new'))).toBe(false);
});
