import { z } from 'zod';
import { type App, route, unchecked } from '../http/route.ts';
import { emotionFrame } from '../streams/schema.ts';
import { ANALYZE_FORMATS, type AnalyzeOptions, createAnalyze } from './analyze.ts';

export interface AnalyzeServices {
  readonly analyze: AnalyzeOptions;
}

export const ANALYZE_PATH = '/v1/analyze';

const file = { schema: z.string().meta({ format: 'binary' }) };

/** Plain JSON Schema: for one of zod, zod-openapi would read the whole form into memory and check it. */
const form = {
  schema: {
    type: 'object' as const,
    properties: { file: { type: 'string' as const, format: 'binary' } },
    required: ['file'],
  },
};

/** What follows the frames of a file that is damaged or incomplete. */
const failure = z.object({ type: z.literal('error'), code: z.string(), message: z.string() });

const analyzeFile = route('send', {
  method: 'post',
  path: ANALYZE_PATH,
  tags: ['Analyze'],
  summary: 'Analyze an audio file and get its emotion frames',
  request: {
    query: z.object({ format: z.enum(ANALYZE_FORMATS, 'expected json or ndjson').default('json') }),
    body: { required: true, content: { 'application/octet-stream': file, 'multipart/form-data': form } },
  },
  responses: {
    200: {
      description: 'The frames, followed by `error` if the file is damaged or incomplete.',
      content: {
        'application/json': {
          schema: z.object({ frames: z.array(emotionFrame), error: failure.optional() }),
        },
        'application/x-ndjson': { schema: z.string() },
      },
    },
  },
});

export function analyzeRoutes(app: App, services: AnalyzeServices): void {
  const analyze = createAnalyze(services.analyze);
  app.openapi(analyzeFile, (c) => unchecked(analyze(c, c.req.valid('query').format)));
}
