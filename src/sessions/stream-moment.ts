import type { Log } from '../log/log.ts';
import { STEP_SECONDS } from '../types.ts';

/** A moment in a stream's own time: seconds of audio of one run. */
interface StreamMoment {
  readonly run: number;
  readonly t: number;
}

/** Without a frame in the 2 s before it, a moment is in a gap: the stream received no audio. */
const WITHIN_MS = 2_000;

/** Converts a wall-clock time to the stream's own time; undefined if the stream received no audio then. */
export async function streamMoment(
  log: Log,
  stream: string,
  timeMs: number,
): Promise<StreamMoment | undefined> {
  log.flush();
  const run = log.history.runs(stream).findLast(({ startedMs }) => startedMs <= timeMs);
  if (!run) return undefined;
  let last: { t: number; time: string } | undefined;
  for await (const page of log.history.frames(stream, { fromMs: timeMs - WITHIN_MS, toMs: timeMs + 1 }))
    last = page.at(-1) ?? last;
  if (!last) return undefined;
  const sinceFrame = (timeMs - Date.parse(last.time)) / 1000;
  // A run that has just begun has no frame yet; the frame found is then one of the previous run.
  if (last.t > STEP_SECONDS * (run.lastSeq + 1)) return undefined;
  return { run: run.run, t: Math.round((last.t + sinceFrame) * 1000) / 1000 };
}
