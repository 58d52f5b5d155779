import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log/log.ts';
import { withRun } from '../../sinks/fan-out.ts';
import type { Limits } from '../limits.ts';
import type { LiveClient } from './client.ts';
import { noteOf } from './transport.ts';

export interface ReplayStart {
  readonly stream: string;
  /** The last frame that the client has; -1 for none. */
  readonly seq: number;
  /** The run it belongs to; undefined: the newest. */
  readonly run: number | undefined;
  /** The client named this stream; else it requested all streams that it does not name. */
  readonly isNamed: boolean;
}

const PAGE_FRAMES = 200;

/**
 * Sends what a client missed of one stream: the rest of its run and all later runs. Each frame is sent exactly
 * once. Events between the client's last frame and the next frame may be sent again, as events have no number.
 *
 * `caughtUp` is called synchronously when the log has no more messages, so no message can be published in between:
 * from then on the client receives live messages, without a gap and without duplicates.
 */
export async function replay(
  client: LiveClient,
  from: ReplayStart,
  { log, limits, caughtUp }: { readonly log: Log; readonly limits: Limits; readonly caughtUp: () => void },
): Promise<void> {
  log.flush();
  const { stream } = from;
  const cursor = startOf(log, from);
  if (!cursor) return caughtUp();
  const skip = skipOld(log, stream, cursor, limits.replayFrames);
  if (skip > 0) {
    client.deliver({
      type: 'skipped',
      count: skip,
      message: `${skip} frames of "${stream}" are too old to be replayed: read them from /v1/streams/${stream}/emotions.`,
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

/** The last frame that was sent. */
interface Cursor {
  run: number;
  seq: number;
}

/** Undefined if there is nothing to replay. */
function startOf(log: Log, { stream, seq, run, isNamed }: ReplayStart): Cursor | undefined {
  if (run !== undefined) {
    const next = log.history.runs(stream, run)[0];
    // Of a stream that the client did not name, only runs that started since it was connected.
    if (!isNamed && run <= log.lastRun + 1 && !next) return undefined;
    // Run numbers are unique over all streams. A number that this stream does not have comes from another log,
    // since moved or deleted: then the newest run of this log is new to the client.
    const first = next ?? log.history.latestRun(stream);
    return first && { run: first.run, seq: first.run === run ? seq : -1 };
  }
  const newest = log.history.latestRun(stream);
  if (!newest) return undefined;
  // A `seq` beyond the newest frame belongs to an earlier run: all of this run is new to the client.
  return { run: newest.run, seq: seq > newest.lastSeq ? -1 : seq };
}

/** Advances the cursor until at most `limit` frames follow it. Returns the number of skipped frames. */
function skipOld(log: Log, stream: string, cursor: Cursor, limit: number): number {
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
