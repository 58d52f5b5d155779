import type { Resolution } from '../log/query.ts';
import type {
  Marker,
  MarkerChange,
  NewMarker,
  NewSession,
  ReportQuery,
  Session,
  SessionChange,
  SessionList,
  SessionQuery,
} from '../sessions/schema.ts';
import { emotionsAt, type FramesQuery } from './emotions.ts';
import { type Address, addressOf, request, requestJson } from './request.ts';

type ListQuery = Omit<SessionQuery, 'limit'> & { readonly limit?: number };

/** The routes of sessions. */
export function sessionsOf(address: Address) {
  const at = (id: string, rest = '') => `v1/sessions/${encodeURIComponent(id)}${rest}`;
  const marker = (id: string, number: number) => at(id, `/markers/${number}`);
  return {
    list: (query: ListQuery = {}, signal?: AbortSignal) =>
      requestJson<SessionList>(address, 'GET', 'v1/sessions', { query, signal }),

    /** Every session, newest first, page by page. */
    async *all(query: ListQuery = {}): AsyncGenerator<Session> {
      for (let cursor: string | undefined; ; ) {
        const page = await requestJson<SessionList>(address, 'GET', 'v1/sessions', {
          query: { ...query, cursor },
        });
        yield* page.sessions;
        if (page.next === null) return;
        cursor = page.next;
      }
    },

    start: (session: NewSession) => requestJson<Session>(address, 'POST', 'v1/sessions', { body: session }),
    get: (id: string) => requestJson<Session>(address, 'GET', at(id)),
    change: (id: string, change: SessionChange) =>
      requestJson<Session>(address, 'PATCH', at(id), { body: change }),
    stop: (id: string) => requestJson<Session>(address, 'POST', at(id, '/stop')),

    /** Erases it; with `frames` also what the log has of its range. */
    async erase(id: string, { frames }: { readonly frames?: boolean } = {}): Promise<void> {
      const query = frames === undefined ? {} : { frames: frames ? 1 : 0 };
      await request(address, 'DELETE', at(id), { query });
    },

    emotions: <R extends Resolution = 'step'>(id: string, query?: FramesQuery<R>, signal?: AbortSignal) =>
      emotionsAt(address, at(id, '/emotions'), query, signal),

    async markers(id: string): Promise<Marker[]> {
      const { markers } = await requestJson<{ markers: Marker[] }>(address, 'GET', at(id, '/markers'));
      return markers;
    },
    addMarker: (id: string, marker: NewMarker = {}) =>
      requestJson<Marker>(address, 'POST', at(id, '/markers'), { body: marker }),
    changeMarker: (id: string, number: number, change: MarkerChange) =>
      requestJson<Marker>(address, 'PATCH', marker(id, number), { body: change }),
    async eraseMarker(id: string, number: number): Promise<void> {
      await request(address, 'DELETE', marker(id, number));
    },

    /** The report's bytes, with their type. */
    report: async (id: string, query: ReportQuery = {}) =>
      (await request(address, 'GET', at(id, '/report'), { query })).blob(),
    /** Where a browser finds the report, or the frames as CSV; without the token. */
    reportUrl: (id: string, query: ReportQuery = {}) => addressOf(address, at(id, '/report'), 'http', query),
    csvUrl: (id: string, query: FramesQuery = {}) =>
      addressOf(address, at(id, '/emotions'), 'http', { ...query, format: 'csv' }),
  };
}
