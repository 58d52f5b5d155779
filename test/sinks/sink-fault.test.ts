import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rejectionOf } from '../../src/sinks/kinds/http-post.ts';
import { RotatingFile } from '../../src/sinks/kinds/rotating-file.ts';
import { reasonOf } from '../../src/sinks/link.ts';
import { sinkFault } from '../../src/sinks/sink-fault.ts';

/** The reason that the code below gives. */
async function reason(work: () => unknown): Promise<string> {
  try {
    return String(await work());
  } catch (error) {
    return reasonOf(error);
  }
}

test('the sentences about sinks that are down have codes and values', async () => {
  const answer = (status: number) => () => rejectionOf({ status, text: '{"message":"no such token"}' });
  expect(sinkFault(await reason(answer(401)))).toEqual({
    reasonCode: 'http-status',
    reasonValues: { status: 401 },
  });
  expect(sinkFault(await reason(answer(400)))).toEqual({
    reasonCode: 'http-status',
    reasonValues: { status: 400 },
  });
  expect(sinkFault(reasonOf({ code: 'FORBIDDEN_ADDRESS' }))).toEqual({ reasonCode: 'forbidden-address' });
  expect(sinkFault(reasonOf({ code: 'ECONNREFUSED' }))).toEqual({ reasonCode: 'ECONNREFUSED' });
  expect(sinkFault('write EPIPE')).toEqual({ reasonCode: 'EPIPE' });
  expect(sinkFault('no answer within 2.5 s')).toEqual({
    reasonCode: 'timeout',
    reasonValues: { seconds: 2.5 },
  });
  expect(sinkFault('Connection refused: Not authorized')).toBeUndefined();
});

test('so do those of files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const openFile = (path: string) =>
    reason(() =>
      new RotatingFile({
        path,
        header: 'time,valence\n',
        daily: false,
        isOwn: () => false,
        maxBytes: 1e6,
        keep: 1,
      }).open(),
    );
  expect(sinkFault(await openFile(join(folder, 'none', 'a.csv')))).toEqual({
    reasonCode: 'no-folder',
    reasonValues: { path: join(folder, 'none') },
  });
  const path = join(folder, 'a.csv');
  writeFileSync(path, 'own notes\n');
  expect(sinkFault(await openFile(path))).toEqual({ reasonCode: 'other-content', reasonValues: { path } });
});
