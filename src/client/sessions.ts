import type { Resolution } from '../log/query.ts';
import type { Addendum, NewAddendum, NoteVersion } from '../sessions/record-schema.ts';
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
  SessionStop,
  SessionTrack,
} from '../sessions/schema.ts';
import {
  type Address,
  addressOf,
  type FramesQuery,
  request,
  requestEmotions,
  requestJson,
} from './request.ts';

type ListQuery = Omit<SessionQuery, 'limit'> & { readonly limit?: number };

export interface SessionFramesQuery<R extends Resolution = Resolution> extends FramesQuery<R> {
  /** `session`: times continue the clock of the session's start. Default: `clock`, as recorded. */
  readonly times?: 'clock' | 'session';
  /** `yes`: each row also has the target and the distance from it. Default: `no`. */
  readonly target?: 'yes' | 'no';
}

/** The part of the client for sessions, their markers and reports. */
export function sessionsOf(address: Address) {
  const at = (id: string, rest = '') => `v1/sessions/${encodeURIComponent(id)}${rest}`;
  const marker = (id: string, number: number) => at(id, `/markers/${number}`);
  return {
    /** One page of sessions, newest first. */
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

    /** Starts a session on a stream. @throws ApiError `unknown-stream`, `stream-removed`, `bad-request`, `before-log` */
    start: (session: NewSession, signal?: AbortSignal) =>
      requestJson<Session>(address, 'POST', 'v1/sessions', { body: session, signal }),
    get: (id: string) => requestJson<Session>(address, 'GET', at(id)),
    /** Changes title, tags, notes, record number or target. @throws ApiError `locked` */
    change: (id: string, change: SessionChange, signal?: AbortSignal) =>
      requestJson<Session>(address, 'PATCH', at(id), { body: change, signal }),
    /** Signs a stopped session, which locks it. @throws ApiError `session-open`, `locked` */
    sign: (id: string, name: string) =>
      requestJson<Session>(address, 'POST', at(id, '/sign'), { body: { name } }),
    async addenda(id: string, signal?: AbortSignal): Promise<Addendum[]> {
      const path = at(id, '/addenda');
      return (await requestJson<{ addenda: Addendum[] }>(address, 'GET', path, { signal })).addenda;
    },
    /** Adds a note to a signed session. @throws ApiError `not-signed` */
    addAddendum: (id: string, addendum: NewAddendum, signal?: AbortSignal) =>
      requestJson<Addendum>(address, 'POST', at(id, '/addenda'), { body: addendum, signal }),
    /** Earlier versions of the notes of the session and its markers, newest first. */
    async versions(id: string): Promise<NoteVersion[]> {
      return (await requestJson<{ versions: NoteVersion[] }>(address, 'GET', at(id, '/versions'))).versions;
    },
    /** Stops a session, now by default. @throws ApiError `bad-request` for a time outside the session */
    stop: (id: string, stop?: SessionStop, signal?: AbortSignal) =>
      requestJson<Session>(address, 'POST', at(id, '/stop'), { body: stop, signal }),

    /** Erases a session; with `frames`, also the frames of its range from the log. */
    async erase(id: string, { frames }: { readonly frames?: boolean } = {}): Promise<void> {
      const query = frames === undefined ? {} : { frames: frames ? 1 : 0 };
      await request(address, 'DELETE', at(id), { query });
    },

    /** Frames or buckets of the session. */
    emotions: <R extends Resolution = 'step'>(
      id: string,
      query?: SessionFramesQuery<R>,
      signal?: AbortSignal,
    ) => requestEmotions(address, at(id, '/emotions'), query, signal),

    /** What was played within the session, in order. */
    async tracks(id: string): Promise<SessionTrack[]> {
      return (await requestJson<{ tracks: SessionTrack[] }>(address, 'GET', at(id, '/tracks'))).tracks;
    },

    async markers(id: string, signal?: AbortSignal): Promise<Marker[]> {
      const path = at(id, '/markers');
      return (await requestJson<{ markers: Marker[] }>(address, 'GET', path, { signal })).markers;
    },
    marker: (id: string, number: number) => requestJson<Marker>(address, 'GET', marker(id, number)),
    /** Adds a marker, at the current time by default. */
    addMarker: (id: string, marker: NewMarker = {}, signal?: AbortSignal) =>
      requestJson<Marker>(address, 'POST', at(id, '/markers'), { body: marker, signal }),
    changeMarker: (id: string, number: number, change: MarkerChange, signal?: AbortSignal) =>
      requestJson<Marker>(address, 'PATCH', marker(id, number), { body: change, signal }),
    async eraseMarker(id: string, number: number): Promise<void> {
      await request(address, 'DELETE', marker(id, number));
    },

    /** The report as a blob with its media type. */
    report: async (id: string, query: ReportQuery = {}) =>
      (await request(address, 'GET', at(id, '/report'), { query })).blob(),
    /** URLs of the report and of the frames as CSV, for a browser to open; without the token. */
    reportUrl: (id: string, query: ReportQuery = {}) => addressOf(address, at(id, '/report'), 'http', query),
    csvUrl: (id: string, query: SessionFramesQuery = {}) =>
      addressOf(address, at(id, '/emotions'), 'http', { ...query, format: 'csv' }),
  };
}
