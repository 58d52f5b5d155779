import { z } from 'zod';
import { emotionsQuery } from '../../log/query.ts';
import { alertRules } from '../../sinks/alerts/rule.ts';
import { json, jsonBody, route } from '../http/route.ts';
import { framesContent, streamInfo, streamList } from './schema.ts';
import { streamEntry } from './stream-entry.ts';

const tags = ['Streams'];
// Checked against the streams that there are, not by pattern: an odd name is an unknown one.
export const streamParam = z.object({ name: z.string().meta({ description: 'Name of the stream.' }) });

export const listStreams = route('watch', {
  method: 'get',
  path: '/v1/streams',
  tags,
  summary: 'Streams that run, and those that stopped of late',
  responses: { 200: json(streamList, 'The streams.') },
});

export const getStream = route('watch', {
  method: 'get',
  path: '/v1/streams/{name}',
  tags,
  summary: 'One stream, also from the log',
  request: { params: streamParam },
  responses: { 200: json(streamInfo, 'The stream.') },
});

export const getEmotions = route('watch', {
  method: 'get',
  path: '/v1/streams/{name}/emotions',
  tags,
  summary: 'What the log has of a stream',
  request: { params: streamParam, query: emotionsQuery },
  responses: {
    200: {
      description: 'Frames, or means over buckets.',
      content: framesContent,
    },
  },
});

export const sendAudio = route('send', {
  method: 'get',
  path: '/v1/streams/{name}/audio',
  tags,
  summary: 'Send audio (WebSocket)',
  description: 'A WebSocket: the hello as text, then binary PCM. See docs/api.md for its messages.',
  request: { params: streamParam },
  responses: { 101: { description: 'The socket is open.' } },
});

export const addStream = route('manage', {
  method: 'post',
  path: '/v1/streams',
  tags,
  summary: 'Add a stream',
  description:
    'It is kept going, also over a restart, until it is deleted. Which sources are allowed is for the configuration to say.',
  request: jsonBody(streamEntry),
  responses: { 201: json(streamInfo, 'The stream; it has begun.') },
});

export const removeStream = route('manage', {
  method: 'delete',
  path: '/v1/streams/{name}',
  tags,
  summary: 'Stop a stream; what the log has of it stays',
  request: { params: streamParam },
  responses: { 204: { description: 'It has stopped.' } },
});

const ruleList = z
  .object({
    rules: alertRules,
    from: z
      .enum(['api', 'config'])
      .meta({ description: 'Whose they are: set here, or of the configuration.' }),
  })
  .meta({ id: 'AlertRules' });

export const getAlerts = route('watch', {
  method: 'get',
  path: '/v1/streams/{name}/alerts',
  tags,
  summary: "A stream's rules for alerts",
  request: { params: streamParam },
  responses: { 200: json(ruleList, 'The rules.') },
});

export const setAlerts = route('manage', {
  method: 'put',
  path: '/v1/streams/{name}/alerts',
  tags,
  summary: "Set a stream's rules, in the place of the configuration's",
  request: { params: streamParam, ...jsonBody(z.strictObject({ rules: alertRules })) },
  responses: { 200: json(ruleList, 'The rules.') },
});

export const resetAlerts = route('manage', {
  method: 'delete',
  path: '/v1/streams/{name}/alerts',
  tags,
  summary: "Go back to the configuration's rules",
  request: { params: streamParam },
  responses: { 204: { description: 'Done.' } },
});
