import { ApiError } from '../../src/client/index.ts';
import { client, errorMessage } from './client.ts';
import { t } from './i18n.ts';
import { type NextTrack, nextTrack } from './next-track.ts';
import { records } from './streams.ts';

/** Why there are no suggestions. */
export interface NoSuggestions {
  readonly message: string;
  /** Whether folders that are added in Set-up would help. */
  readonly setUp: boolean;
}

/** What could follow a stream, best first, or why that is unknown. */
export type NextTracks = readonly NextTrack[] | NoSuggestions;

const LIMIT = 8;

const noReading = (): NoSuggestions => ({ message: t('next.noReading'), setUp: false });

export async function loadNextTracks(stream: string): Promise<NextTracks> {
  // The server would refuse, which browsers log as an error.
  if (records.get(stream)?.last?.valence == null) return noReading();
  try {
    const { candidates } = await client.library.next(stream, { limit: LIMIT });
    if (candidates.length > 0) return candidates.map(nextTrack);
    return { message: t('next.noLibrary'), setUp: true };
  } catch (error) {
    // The music has just stopped.
    if (error instanceof ApiError && error.code === 'no-reading') return noReading();
    return { message: errorMessage(error), setUp: false };
  }
}
