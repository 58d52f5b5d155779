import { ApiError } from '../../src/client/index.ts';
import { requestJson } from '../../src/client/request.ts';
import { address, errorMessage } from './client.ts';
import { t } from './i18n.ts';
import { type NextTrack, parseNextTracks } from './next-track.ts';

/** What could follow a stream, best first, or one sentence for why that is unknown. */
export type NextTracks = readonly NextTrack[] | string;

const LIMIT = 8;

export async function loadNextTracks(stream: string, signal: AbortSignal): Promise<NextTracks> {
  try {
    const query = { stream, limit: LIMIT };
    const found = parseNextTracks(await requestJson<unknown>(address, 'GET', 'v1/next', { query, signal }));
    return found.length > 0 ? found : t('next.none');
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return t('next.noLibrary');
    return errorMessage(error);
  }
}
