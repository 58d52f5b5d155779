import { ApiError } from '../../src/client/index.ts';
import { requestJson } from '../../src/client/request.ts';
import { address, errorMessage } from './client.ts';

/** A track that could follow what a stream plays. */
export interface NextTrack {
  readonly title: string;
  /** Why, in short phrases. */
  readonly reasons: readonly string[];
}

/** What could follow a stream, best first, or one sentence for why that is unknown. */
export type NextTracks = readonly NextTrack[] | string;

const LIMIT = 8;

export async function loadNextTracks(stream: string, signal: AbortSignal): Promise<NextTracks> {
  try {
    const query = { stream, limit: LIMIT };
    const found = parseNextTracks(await requestJson<unknown>(address, 'GET', 'v1/next', { query, signal }));
    return found.length > 0 ? found : 'The library has no track that could follow.';
  } catch (error) {
    if (error instanceof ApiError && error.status === 404)
      return 'This server has no library of tracks: analyze your collection first.';
    return errorMessage(error);
  }
}

/** Reads the list under any of its usual names: servers of other versions differ. */
export function parseNextTracks(body: unknown): NextTrack[] {
  const { tracks, next, candidates } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const list = [tracks, next, candidates].find(Array.isArray) ?? [];
  return list.flatMap((one: unknown) => {
    const { title, artist, name, file, path, reasons, reason } = (one ?? {}) as Readonly<
      Record<string, unknown>
    >;
    const named = [title, name, file, path].find((text) => typeof text === 'string' && text !== '');
    if (named === undefined) return [];
    const text = String(named).split(/[/\\]/).at(-1)!;
    const why = Array.isArray(reasons) ? reasons : reason === undefined ? [] : [reason];
    return [
      {
        title: typeof artist === 'string' && artist !== '' ? `${artist} – ${text}` : text,
        reasons: why.filter((part) => typeof part === 'string'),
      },
    ];
  });
}
