import type { Log } from '../../log/log.ts';
import type { StreamRemoved } from '../../types.ts';
import { WEBSOCKET_URI } from '../ingest/websocket-source.ts';

/** Addresses of streams that were dropped longer ago are not followed. */
const MAX_AGE_MS = 30 * 86_400_000;

/**
 * The streams that the server had before its restart and has no more, by the log, oldest first: how each was renamed, or
 * that it was removed after its last run. A stream that a client sent is none of the server's own.
 *
 * @param names the streams that the server has
 * @param limit the newest ones
 */
export function droppedStreams(
  { history, renamings }: Pick<Log, 'history' | 'renamings'>,
  names: readonly string[],
  { limit, nowMs }: { readonly limit: number; readonly nowMs: number },
): StreamRemoved[] {
  return history
    .lastRuns()
    .filter(({ stream, source }) => !names.includes(stream) && source !== '' && source !== WEBSOCKET_URI)
    .toReversed()
    .slice(0, limit)
    .flatMap(({ stream, run, startedMs }) => {
      const renamed = renamings.newest(stream, startedMs);
      const endMs = renamed?.timeMs ?? history.endOf(run) ?? startedMs;
      if (endMs < nowMs - MAX_AGE_MS) return [];
      const time = new Date(endMs).toISOString();
      const renamedTo = renamed && { renamedTo: renamed.to };
      return [{ type: 'stream-removed' as const, stream, time, ...renamedTo }];
    })
    .toReversed();
}
