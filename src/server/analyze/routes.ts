import { z } from 'zod';
import { route } from '../http/route.ts';
import { emotionFrame } from '../streams/schema.ts';

/** `/v1/analyze?…`. */
export const analyzeQuery = z.object({
  format: z.enum(['json', 'ndjson'], 'expected json or ndjson').default('json'),
});

export type AnalyzeFormat = z.output<typeof analyzeQuery>['format'];

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
