import type { SourceItem } from '../../../types.ts';
import { UserError } from '../../../user-error.ts';
import { lostNotice } from '../lost-notice.ts';
import type { Playlist } from './parse-playlist.ts';

/** One entry of a playlist, opened. */
export interface OpenedEntry {
  /** A broadcast: when it ends, the playlist does too, since its other entries are usually mirrors of it. */
  readonly live: boolean;
  readonly items: AsyncIterable<SourceItem>;
}

export interface EntryOptions {
  readonly signal: AbortSignal;
  /** The playlist's name, for messages. */
  readonly name: string;
  /** @throws UserError; undefined after an abort */
  open(entry: string): Promise<OpenedEntry | undefined>;
}

/** Playlists may contain playlists. */
export const MAX_PLAYLIST_DEPTH = 3;
/** A long list of addresses that do not work must not become a flood of requests. */
const MAX_FAILURES_IN_A_ROW = 20;

/**
 * Plays the entries of a playlist in order, as one stream, up to the end of the first broadcast. An entry that fails is
 * reported as lost, and the next one follows.
 *
 * @throws UserError that of the first entry if none works; that of the last one if it fails
 */
export async function* playEntries(
  { entries }: Playlist,
  { signal, name, open }: EntryOptions,
): AsyncGenerator<SourceItem, void, undefined> {
  let first: UserError | undefined;
  let failures = 0;
  let lost = false;
  let everPlayed = false;
  for (const [i, entry] of entries.entries()) {
    try {
      const opened = await open(entry);
      for await (const item of opened?.items ?? []) {
        if (lost && item.type === 'audio')
          yield { type: 'source-restored', message: `${name} goes on with another entry.` };
        if (item.type === 'audio') {
          everPlayed = true;
          failures = 0;
          lost = false;
        }
        yield item;
      }
      if (signal.aborted || opened?.live) return;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (signal.aborted) return;
      first ??= error;
      failures++;
      const isLast = i === entries.length - 1;
      if (isLast || failures === MAX_FAILURES_IN_A_ROW) throw everPlayed ? error : (first ?? error);
      const message = `${error.message.replace(/\.$/, '')}; trying the next entry of ${name}.`;
      yield lostNotice(error, message, { next: name });
      lost = true;
    }
  }
}
