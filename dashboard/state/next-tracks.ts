import { ApiError } from '../../src/client/index.ts';
import { client, errorMessage } from './client.ts';
import { t } from './i18n.ts';
import { type NextTrack, nextTrack } from './next-track.ts';

/** Why there are no suggestions. */
export interface NoSuggestions {
  readonly message: string;
  /** Whether folders that are added in Set-up would help. */
  readonly setUp: boolean;
}

/** What could follow a stream, best first, or why that is unknown. */
export type NextTracks = readonly NextTrack[] | NoSuggestions;

const LIMIT = 8;

export async function loadNextTracks(stream: string): Promise<NextTracks> {
  try {
    const { candidates } = await client.library.next(stream, { limit: LIMIT });
    if (candidates.length > 0) return candidates.map(nextTrack);
    return { message: t('next.noLibrary'), setUp: true };
  } catch (error) {
    const isQuiet = error instanceof ApiError && error.code === 'no-reading';
    return { message: isQuiet ? t('next.noReading') : errorMessage(error), setUp: false };
  }
}
