import { z } from 'zod';

/** `/v1/analyze?…`. */
export const analyzeQuery = z.object({
  format: z.enum(['json', 'ndjson'], 'expected json or ndjson').default('json'),
});

export type AnalyzeFormat = z.output<typeof analyzeQuery>['format'];
