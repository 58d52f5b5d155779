import { client, errorMessage } from './client.ts';
import { t } from './i18n.ts';
import { type NextTrack, nextTrack } from './next-track.ts';

/** What could follow a stream, best first, or one sentence for why that is unknown. */
export type NextTracks = readonly NextTrack[] | string;

const LIMIT = 8;

export async function loadNextTracks(stream: string): Promise<NextTracks> {
  try {
    const { candidates } = await client.library.next(stream, { limit: LIMIT });
    return candidates.length > 0 ? candidates.map(nextTrack) : t('next.noLibrary');
  } catch (error) {
    return errorMessage(error);
  }
}
