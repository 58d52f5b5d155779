import { z } from 'zod';
import { parseDuration } from '../../duration.ts';

/** A span as people write it, kept as they wrote it: `90d`, `10s`. */
export const duration = (minMs: number, maxMs: number, example: string) =>
  z.string(`expected a span such as "${example}"`).refine((text) => {
    const ms = parseDuration(text);
    return ms !== undefined && ms >= minMs && ms <= maxMs;
  }, `expected a span such as "${example}"`);
