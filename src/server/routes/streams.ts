import { z } from 'zod';
import { emotions } from '../schemas/emotion-bucket.ts';
import { emotionsQuery } from '../schemas/emotions-query.ts';
import { streamInfo, streamList } from '../schemas/stream-info.ts';
import { json, route } from './route.ts';

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
      content: { 'application/json': { schema: emotions }, 'text/csv': { schema: z.string() } },
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
