import { z } from 'zod';
import { PCM_FORMATS } from '../../stream/pcm.ts';
import { explain } from '../http/problem.ts';

/** The first message of a client that sends audio. */
const ingestHello = z
  .object(
    {
      type: z.literal('hello', 'expected "hello"'),
      format: z.enum(PCM_FORMATS, `expected one of ${PCM_FORMATS.join(', ')}`),
      sampleRate: z
        .int('expected a whole number of Hz')
        .min(8_000, 'expected at least 8000 Hz')
        .max(192_000, 'expected at most 192000 Hz'),
      channels: z.int('expected a whole number').min(1, 'expected 1 to 32').max(32, 'expected 1 to 32'),
    },
    'expected an object',
  )
  .meta({ id: 'IngestHello' });

export type IngestHello = z.infer<typeof ingestHello>;

/** The hello, or what is wrong with it as one clause. */
export function parseHello(text: string): IngestHello | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const hello = ingestHello.safeParse(value);
  return hello.success ? hello.data : explain(hello.error);
}
