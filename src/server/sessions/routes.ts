import { z } from 'zod';
import { framesQuery } from '../../log/query.ts';
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
  sessionList,
  sessionQuery,
} from '../../sessions/schema.ts';
import { json, jsonBody, route } from '../http/route.ts';
import { framesContent } from '../streams/schema.ts';

const tags = ['Sessions'];
// Checked against the sessions that there are, not by pattern: an odd code is an unknown one.
const params = z.object({
  id: z.string().meta({ description: 'Code of the session.', example: 'calm-otter-42' }),
});
const markerParams = params.extend({ marker: z.string().meta({ description: 'Number of the marker.' }) });
const gone = { description: 'Done; nothing is left.' };

/** Records about people: whoever may look at a stream may not read these. */
export const listSessions = route('manage', {
  method: 'get',
  path: '/v1/sessions',
  tags,
  summary: 'Sessions, newest first',
  request: { query: sessionQuery },
  responses: { 200: json(sessionList, 'A page of sessions.') },
});

export const startSession = route('manage', {
  method: 'post',
  path: '/v1/sessions',
  tags,
  summary: 'Start a session on a stream',
  request: jsonBody(newSession),
  responses: { 201: json(session, 'The session; its address is in `Location`.') },
});

export const getSession = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}',
  tags,
  summary: 'One session',
  request: { params },
  responses: { 200: json(session, 'The session.') },
});

export const changeSession = route('manage', {
  method: 'patch',
  path: '/v1/sessions/{id}',
  tags,
  summary: 'Rename, tag, write notes',
  request: { params, ...jsonBody(sessionChange) },
  responses: { 200: json(session, 'The session as it is now.') },
});

export const stopSession = route('manage', {
  method: 'post',
  path: '/v1/sessions/{id}/stop',
  tags,
  summary: 'Stop a session; one that has stopped stays as it is',
  request: { params },
  responses: { 200: json(session, 'The session as it is now.') },
});

export const eraseSession = route('manage', {
  method: 'delete',
  path: '/v1/sessions/{id}',
  tags,
  summary: 'Erase a session completely',
  request: { params, query: eraseQuery },
  responses: { 204: gone },
});

export const getSessionEmotions = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}/emotions',
  tags,
  summary: 'What was heard during a session',
  request: { params, query: framesQuery },
  responses: {
    200: {
      description: 'Frames, or means over buckets.',
      content: framesContent,
    },
  },
});

export const getReport = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}/report',
  tags,
  summary: 'The report of a session',
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

export const listMarkers = route('manage', {
  method: 'get',
  path: '/v1/sessions/{id}/markers',
  tags,
  summary: 'Its markers in the order of their times',
  request: { params },
  responses: { 200: json(markerList, 'The markers.') },
});

export const addMarker = route('manage', {
  method: 'post',
  path: '/v1/sessions/{id}/markers',
  tags,
  summary: 'Set a marker, now where no time is given',
  request: { params, ...jsonBody(newMarker, false) },
  responses: { 201: json(marker, 'The marker.') },
});

export const changeMarker = route('manage', {
  method: 'patch',
  path: '/v1/sessions/{id}/markers/{marker}',
  tags,
  summary: 'Change a marker’s note or time',
  request: { params: markerParams, ...jsonBody(markerChange) },
  responses: { 200: json(marker, 'The marker as it is now.') },
});

export const eraseMarker = route('manage', {
  method: 'delete',
  path: '/v1/sessions/{id}/markers/{marker}',
  tags,
  summary: 'Erase a marker',
  request: { params: markerParams },
  responses: { 204: gone },
});
