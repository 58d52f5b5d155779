import { z } from 'zod';
import { analyzeQuery } from '../schemas/analyze-query.ts';
import { emotionFrame } from '../schemas/emotion-frame.ts';
import { route } from './route.ts';

const file = { schema: z.string().meta({ format: 'binary' }) };

export const analyze = route('send', {
  method: 'post',
  path: '/v1/analyze',
  tags: ['Analyze'],
  summary: 'An audio file in, its emotion frames out',
  request: {
    query: analyzeQuery,
    body: { required: true, content: { 'application/octet-stream': file } },
  },
  responses: {
    200: {
      description: 'The frames; `error` follows them where the file breaks off.',
      content: {
        'application/json': { schema: z.object({ frames: z.array(emotionFrame) }) },
        'application/x-ndjson': { schema: z.string() },
      },
    },
  },
});
