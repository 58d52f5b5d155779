import { join } from 'node:path';
import Database from 'libsql';
import { onTestFinished } from 'vitest';
import { Log } from '../../src/log/log.ts';
import type { EmotionBucket, EmotionFrame } from '../../src/types.ts';
import { tempFolder } from '../server/support.ts';

/** A log that writes only when a test calls `flush`, and is closed when the test ends. */
export function openLog(options: Partial<ConstructorParameters<typeof Log>[0]> = {}) {
  const dataDir = options.dataDir ?? tempFolder();
  const log = new Log({ flushMs: 3_600_000, ...options, dataDir });
  onTestFinished(() => log.close());
  return Object.assign(log, { dataDir });
}

/** Queries the log's file with a second connection. */
export function querySql(log: { dataDir: string }, sql: string): Record<string, number>[] {
  const db = new Database(join(log.dataDir, 'undertone.db'));
  try {
    return db.prepare(sql).all() as Record<string, number>[];
  } finally {
    db.close();
  }
}

export function stopped(stream: string, timeMs = Date.now()) {
  return {
    type: 'stream-stopped',
    stream,
    t: 0,
    time: new Date(timeMs).toISOString(),
    message: 'The end.',
  } as const;
}

/** Writes a run of frames and flushes; the run stays open. */
export function writeRun(log: Log, frames: readonly EmotionFrame[]): number {
  const run = log.startRun(frames[0]!.stream, 'demo:', 'm', Date.parse(frames[0]!.time));
  writeFrames(log, run, frames);
  return run;
}

export function writeFrames(log: Log, run: number, frames: readonly EmotionFrame[]): void {
  for (const [i, frame] of frames.entries()) {
    log.write(run, frame.seq, frame);
    if (i % 10_000 === 9_999) log.flush();
  }
  log.flush();
}

export function endRun(log: Log, run: number, last: EmotionFrame): void {
  log.write(run, last.seq + 1, stopped(last.stream, Date.parse(last.time)));
  log.flush();
}

export async function framesOf(log: Log, stream: string, fromMs = 0, toMs = 8e15): Promise<EmotionFrame[]> {
  const frames: EmotionFrame[] = [];
  for await (const page of log.history.frames(stream, { fromMs, toMs })) frames.push(...page);
  return frames;
}

export async function bucketsOf(
  log: Log,
  stream: string,
  bucketMs: number,
  fromMs = 0,
  toMs = 8e15,
): Promise<EmotionBucket[]> {
  const buckets: EmotionBucket[] = [];
  for await (const page of log.history.buckets(stream, { fromMs, toMs }, bucketMs)) buckets.push(...page);
  return buckets;
}
