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

const noLibrary = (): NoSuggestions => ({ message: t('next.noLibrary'), setUp: true });

export async function loadNextTracks(stream: string): Promise<NextTracks> {
  try {
    const { candidates } = await client.library.next(stream, { limit: LIMIT });
    return candidates.length > 0 ? candidates.map(nextTrack) : noLibrary();
  } catch (error) {
    const code = error instanceof ApiError ? error.code : '';
    if (code === 'no-library') return noLibrary();
    return { message: code === 'no-reading' ? t('next.noReading') : errorMessage(error), setUp: false };
  }
}
