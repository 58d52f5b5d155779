import { etag } from 'hono/etag';
import { z } from 'zod';
import type { Log } from '../../log/log.ts';
import {
  addendum,
  addendumList,
  newAddendum,
  noteVersions,
  signature,
} from '../../sessions/record-schema.ts';
import { createReports } from '../../sessions/report/report.ts';
import { sessionTracks } from '../../sessions/report/session-tracks.ts';
import {
  eraseQuery,
  marker,
  markerChange,
  markerList,
  newMarker,
  newSession,
  reportQuery,
  session,
  sessionChange,
  sessionFramesQuery,
  sessionList,
  sessionQuery,
  sessionStop,
  sessionTrackList,
} from '../../sessions/schema.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { targetNumbers } from '../../sessions/target-numbers.ts';
import { type App, json, jsonBody, route, unchecked } from '../http/route.ts';
import { sendFrames } from '../streams/logged-stream.ts';
import { framesContent } from '../streams/schema.ts';

export interface SessionServices {
  readonly sessions: Sessions;
  readonly log: Log;
  /** Lines at the top of every report. */
  readonly letterhead: readonly string[];
}

const tags = ['Sessions'];
// Not checked against the pattern of codes: an invalid code is an unknown session, with status 404.
const params = z.object({
  id: z.string().meta({ description: 'Code of the session.', example: 'calm-otter-42' }),
});
const markerParams = params.extend({ marker: z.string().meta({ description: 'Number of the marker.' }) });
const erased = { description: 'Erased completely.' };

/** Sessions are records about people: the scope `watch` is not enough to read them. */
const listSessions = route('manage', {
  method: 'get',
  path: '/v1/sessions',
  tags,
  summary: 'List sessions, newest first',
  request: { query: sessionQuery },
  responses: { 200: json(sessionList, 'A page of sessions.') },
});

const startSession = route('manage', {
  method: 'post',
  path: '/v1/sessions',
  tags,
  summary: 'Start a session on a stream',
  description: 'Sent again with the same `key`, it starts nothing and answers with the first session.',
  request: jsonBody(newSession),
  responses: { 201: json(session, 'The session; `Location` has its address.') },
});

const getSession = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}',
  tags,
  summary: 'Get one session',
  request: { params },
  responses: { 200: json(session, 'The session.') },
});

const changeSession = route('manage', {
  method: 'patch',
  path: '/v1/sessions/{id}',
  tags,
  summary: 'Change the title, tags, notes, record number or target of a session',
  request: { params, ...jsonBody(sessionChange) },
  responses: { 200: json(session, 'The changed session.') },
});

const stopSession = route('manage', {
  method: 'post',
  path: '/v1/sessions/{id}/stop',
  tags,
  summary: 'Stop a session; a stopped session is not changed',
  request: { params, ...jsonBody(sessionStop, false) },
  responses: { 200: json(session, 'The changed session.') },
});

const signSession = route('manage', {
  method: 'post',
  path: '/v1/sessions/{id}/sign',
  tags,
  summary: 'Sign a stopped session, which locks it',
  request: { params, ...jsonBody(signature) },
  responses: { 200: json(session, 'The signed session.') },
});

const listAddenda = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}/addenda',
  tags,
  summary: 'List the addenda of a signed session',
  request: { params },
  responses: { 200: json(addendumList, 'The addenda.') },
});

const addAddendum = route('manage', {
  method: 'post',
  path: '/v1/sessions/{id}/addenda',
  tags,
  summary: 'Add a note to a signed session',
  request: { params, ...jsonBody(newAddendum) },
  responses: { 201: json(addendum, 'The addendum.') },
});

const listVersions = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}/versions',
  tags,
  summary: 'List the earlier versions of the notes of a session and its markers',
  request: { params },
  responses: { 200: json(noteVersions, 'The earlier versions.') },
});

const eraseSession = route('manage', {
  method: 'delete',
  path: '/v1/sessions/{id}',
  tags,
  summary: 'Erase a session completely',
  request: { params, query: eraseQuery },
  responses: { 204: erased },
});

const getSessionEmotions = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}/emotions',
  tags,
  summary: 'Get the frames of a session',
  request: { params, query: sessionFramesQuery },
  responses: {
    200: {
      description: 'Frames, or means over intervals.',
      content: framesContent,
    },
  },
});

const listTracks = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}/tracks',
  tags,
  summary: 'List the tracks that were played within a session',
  request: { params },
  responses: { 200: json(sessionTrackList, 'The tracks.') },
});

const getReport = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}/report',
  tags,
  summary: 'Get the report of a session',
  request: { params, query: reportQuery },
  responses: {
    200: {
      description: 'The report.',
      content: {
        'text/html': { schema: z.string() },
        'text/plain': { schema: z.string() },
        'application/pdf': { schema: z.string().meta({ format: 'binary' }) },
      },
    },
  },
});

const listMarkers = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}/markers',
  tags,
  summary: 'List the markers of a session by time',
  request: { params },
  responses: { 200: json(markerList, 'The markers.') },
});

const addMarker = route('manage', {
  method: 'post',
  path: '/v1/sessions/{id}/markers',
  tags,
  summary: 'Add a marker, by default at the current time',
  request: { params, ...jsonBody(newMarker, false) },
  responses: { 201: json(marker, 'The marker.') },
});

const getMarker = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}/markers/{marker}',
  tags,
  summary: 'Get one marker',
  request: { params: markerParams },
  responses: { 200: json(marker, 'The marker.') },
});

const changeMarker = route('manage', {
  method: 'patch',
  path: '/v1/sessions/{id}/markers/{marker}',
  tags,
  summary: 'Change the note or time of a marker',
  request: { params: markerParams, ...jsonBody(markerChange) },
  responses: { 200: json(marker, 'The changed marker.') },
});

const eraseMarker = route('manage', {
  method: 'delete',
  path: '/v1/sessions/{id}/markers/{marker}',
  tags,
  summary: 'Erase a marker',
  request: { params: markerParams },
  responses: { 204: erased },
});

export function sessionRoutes(app: App, { sessions, log, letterhead }: SessionServices): void {
  for (const path of ['', '/:id', '/:id/markers', '/:id/markers/:marker', '/:id/addenda', '/:id/versions'])
    app.on('GET', `/v1/sessions${path}`, etag(), async (c, next) => {
      await next();
      // Erased sessions must not stay in a browser's cache. Clients may still revalidate by ETag.
      if (c.res.ok) c.header('Cache-Control', 'no-store');
    });

  app.openapi(listSessions, (c) => c.json(sessions.list(c.req.valid('query')), 200));
  app.openapi(startSession, async (c) => {
    const session = await sessions.start(c.req.valid('json'));
    return c.json(session, 201, { Location: `/v1/sessions/${session.id}` });
  });
  app.openapi(getSession, (c) => c.json(sessions.get(c.req.valid('param').id), 200));
  app.openapi(changeSession, (c) =>
    c.json(sessions.describe(c.req.valid('param').id, c.req.valid('json')), 200),
  );
  app.openapi(stopSession, async (c) =>
    c.json(await sessions.stop(c.req.valid('param').id, c.req.valid('json')), 200),
  );
  app.openapi(signSession, (c) =>
    c.json(sessions.records.sign(c.req.valid('param').id, c.req.valid('json').name), 200),
  );
  app.openapi(listAddenda, (c) =>
    c.json({ addenda: sessions.records.addenda(c.req.valid('param').id) }, 200),
  );
  app.openapi(addAddendum, (c) =>
    c.json(sessions.records.addAddendum(c.req.valid('param').id, c.req.valid('json')), 201),
  );
  app.openapi(listVersions, (c) =>
    c.json({ versions: sessions.records.versions(c.req.valid('param').id) }, 200),
  );
  app.openapi(eraseSession, async (c) => {
    const { frames } = c.req.valid('query');
    await sessions.erase(c.req.valid('param').id, frames === undefined ? undefined : frames === '1');
    return c.body(null, 204);
  });

  app.openapi(listMarkers, (c) => c.json({ markers: sessions.markers(c.req.valid('param').id) }, 200));
  app.openapi(addMarker, async (c) =>
    c.json(await sessions.addMarker(c.req.valid('param').id, c.req.valid('json')), 201),
  );
  app.openapi(getMarker, (c) => {
    const { id, marker } = c.req.valid('param');
    return c.json(sessions.marker(id, marker), 200);
  });
  app.openapi(changeMarker, async (c) => {
    const { id, marker } = c.req.valid('param');
    return c.json(await sessions.changeMarker(id, marker, c.req.valid('json')), 200);
  });
  app.openapi(eraseMarker, async (c) => {
    const { id, marker } = c.req.valid('param');
    await sessions.eraseMarker(id, marker);
    return c.body(null, 204);
  });

  app.openapi(listTracks, (c) =>
    c.json({ tracks: sessionTracks({ log, sessions }, c.req.valid('param').id) }, 200),
  );

  const report = createReports({ sessions, log, letterhead });
  app.openapi(getReport, async (c) => {
    const { body, headers } = await report(c.req.valid('param').id, c.req.valid('query'));
    return unchecked(c.body(body, 200, { ...headers, 'Cache-Control': 'no-store' }));
  });
  app.openapi(getSessionEmotions, (c) => {
    const { times, target, ...query } = c.req.valid('query');
    const { id } = c.req.valid('param');
    const request = { ...sessions.span(id), query, continuous: times === 'session' };
    const extra = target === 'yes' ? targetNumbers(sessions.get(id), query.resolution) : [];
    return unchecked(sendFrames(c, { ...request, extra }, log));
  });
}
