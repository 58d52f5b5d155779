import type { StreamInfo } from '../types.ts';
import type { Log } from './log/log.ts';

/** A stream that only the log remembers, as it was when it stopped. */
export function storedStream(log: Log, name: string): StreamInfo | undefined {
  log.flush();
  const latest = log.history.latestRun(name);
  if (!latest) return undefined;
  const { run, source, startedMs, lastSeq } = latest;
  return {
    stream: name,
    source,
    state: 'stopped',
    run,
    startedAt: new Date(startedMs).toISOString(),
    message: null,
    last: log.history.frame(name, run, lastSeq) ?? null,
  };
}
