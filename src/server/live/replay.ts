import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log/log.ts';
import { withRun } from '../../sinks/fan-out.ts';
import type { Limits } from '../limits.ts';
import type { LiveClient } from './client.ts';
import { noteOf } from './transport.ts';

export interface ReplayFrom {
  readonly stream: string;
  /** The last frame that the client has; -1 for none. */
  readonly seq: number;
  /** The run it belongs to; undefined: the newest. */
  readonly run: number | undefined;
  /** The client knows this very stream; else it asks for all streams that it does not know. */
  readonly named: boolean;
}

const PAGE_FRAMES = 200;

/**
 * Sends what a client missed of one stream: the rest of its run and all runs since. Frames come exactly
 * once. Events between the client's last frame and the next may come a second time, as events have no
 * number of their own.
 *
 * `caughtUp` is called in the same breath in which the log had nothing more, so that nothing can come
 * between: from there on the client hears live messages, without hole or double.
 */
export async function replay(
  client: LiveClient,
  from: ReplayFrom,
  { log, limits, caughtUp }: { readonly log: Log; readonly limits: Limits; readonly caughtUp: () => void },
): Promise<void> {
  log.flush();
  const { stream } = from;
  const cursor = start(log, from);
  if (!cursor) return caughtUp();
  const skip = tooMuch(log, stream, cursor, limits.replayFrames);
  if (skip > 0) {
    client.deliver({
      type: 'skipped',
      count: skip,
      message: `${skip} frames of "${stream}" are too long ago to be replayed here: read them from /v1/streams/${stream}/emotions.`,
    });
  }
  while (client.isOpen) {
    if (client.isBehind) {
      await sleep(20);
      continue;
    }
    log.flush();
    const page = log.history.after(stream, cursor.run, cursor.seq, PAGE_FRAMES);
    for (const message of page.messages)
      client.deliver(withRun(message, cursor.run), noteOf(message, cursor.run));
    cursor.seq = page.lastSeq;
    if (!page.complete) continue;
    const next = log.history.runs(stream, cursor.run + 1)[0];
    if (!next) return caughtUp();
    cursor.run = next.run;
    cursor.seq = -1;
  }
}

interface Cursor {
  run: number;
  seq: number;
}

function start(log: Log, { stream, seq, run, named }: ReplayFrom): Cursor | undefined {
  if (run !== undefined) {
    const next = log.history.runs(stream, run)[0];
    // Of a stream that the client does not know, only runs that began since it was last here.
    if (!named && run <= log.lastRun + 1 && !next) return undefined;
    // Runs are numbered over all streams. One that is not of this stream is of another log, moved or deleted
    // since: it must not be read, and what this log has instead is all new to the client.
    const first = next ?? log.history.latestRun(stream);
    return first && { run: first.run, seq: first.run === run ? seq : -1 };
  }
  const newest = log.history.latestRun(stream);
  if (!newest) return undefined;
  // A number beyond the newest frame is of an earlier run: everything of this one is new to the client.
  return { run: newest.run, seq: seq > newest.lastSeq ? -1 : seq };
}

/** Moves the cursor on so that at most `limit` frames follow it; returns how many frames that leaves out. */
function tooMuch(log: Log, stream: string, cursor: Cursor, limit: number): number {
  const runs = log.history.runs(stream, cursor.run);
  let left = 0;
  for (const { run, lastSeq } of runs) left += lastSeq - (run === cursor.run ? cursor.seq : -1);
  let skip = Math.max(0, left - limit);
  const skipped = skip;
  for (const { run, lastSeq } of runs) {
    if (skip <= 0) break;
    if (run !== cursor.run) Object.assign(cursor, { run, seq: -1 });
    const here = Math.min(skip, lastSeq - cursor.seq);
    cursor.seq += here;
    skip -= here;
  }
  return skipped;
}
