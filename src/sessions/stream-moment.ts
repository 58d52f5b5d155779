import { type Moment, onLine } from '../log/clock/clock-line.ts';
import type { Log } from '../log/log.ts';
import { STEP_SECONDS } from '../types.ts';

/** A moment in a stream's own time: seconds of audio of one run. */
export interface StreamMoment {
  readonly run: number;
  readonly t: number;
}

/** Without a frame in the 2 s before it, a moment is in a gap: the stream received no audio. */
const WITHIN_MS = 2_000;

/** Converts a moment to the stream's own time; undefined if the stream received no audio then. */
export async function streamMoment(
  log: Log,
  stream: string,
  moment: Moment,
): Promise<StreamMoment | undefined> {
  log.flush();
  const { clock, history } = log;
  const lineMs = clock.lineMs(moment);
  const run = history
    .runs(stream)
    .findLast(({ run, startedMs }) => clock.lineMs({ ms: startedMs, clock: clock.atStart(run) }) <= lineMs);
  if (!run) return undefined;
  let last: { readonly t: number; readonly lineMs: number } | undefined;
  const from = clock.momentAt(lineMs - WITHIN_MS);
  for (const part of clock.parts(from, moment)) {
    for await (const page of history.frames(stream, part)) {
      const frame = page.at(-1);
      if (frame) last = { t: frame.t, lineMs: onLine(part, Date.parse(frame.time)) };
    }
  }
  if (!last) return undefined;
  // The parts are on the clock of `from`.
  const sinceFrame = (lineMs + (from.ms - clock.lineMs(from)) - last.lineMs) / 1000;
  // A run that has just begun has no frame yet; the frame found is then one of the previous run.
  if (last.t > STEP_SECONDS * (run.lastSeq + 1)) return undefined;
  return { run: run.run, t: Math.round((last.t + sinceFrame) * 1000) / 1000 };
}
