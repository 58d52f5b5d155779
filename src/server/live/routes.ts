import { z } from 'zod';
import { STREAM_NAME } from '../../types.ts';
import { streamName } from '../../util/schemas.ts';
import { route } from '../http/route.ts';

/** Where a client of one stream stopped listening: `SEQ`, `NAME:SEQ`, `NAME:SEQ:RUN` or `-1:RUN`. */
export interface Since {
  /** undefined: every stream. */
  readonly stream: string | undefined;
  readonly seq: number;
  readonly run: number | undefined;
}

const NAME = STREAM_NAME.source.slice(1, -1); // without ^ and $
const SINCE = new RegExp(`^(?:(${NAME}):)?(-1|\\d{1,15})(?::(\\d{1,15}))?$`);

const since = z.string().transform((text, context): Since => {
  const match = SINCE.exec(text);
  if (match) {
    const [, stream, seq, run] = match;
    return { stream, seq: Number(seq), run: run === undefined ? undefined : Number(run) };
  }
  context.addIssue({
    code: 'custom',
    message: `expected SEQ, NAME:SEQ, NAME:SEQ:RUN or -1:RUN, got "${text}"`,
  });
  return z.NEVER;
});

const list = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(item).max(256, 'at most 256 of them'));

/** `Last-Event-ID`, which means the same; what is no place is of another server, and passed over. */
export const lastEventId = list(since).optional().catch(undefined);

/** `/v1/live?streams=a,b&since=41`. */
export const liveQuery = z.object({
  streams: list(streamName)
    .optional()
    .meta({ description: 'Names with commas; without it, all streams, also those to come.' }),
  since: list(since).optional().meta({
    description:
      'The last frame heard: NAME:SEQ:RUN, NAME:SEQ or, for all streams that are not named, SEQ; -1:RUN for all runs of these from RUN on. Several with commas.',
  }),
});

export type LiveQuery = z.infer<typeof liveQuery>;

const tags = ['Live'];

export const live = route('watch', {
  method: 'get',
  path: '/v1/live',
  tags,
  summary: 'Frames and events as they come (WebSocket)',
  request: { query: liveQuery },
  responses: { 101: { description: 'The socket is open; the first message is the hello.' } },
});

export const liveEvents = route('watch', {
  method: 'get',
  path: '/v1/live/events',
  tags,
  summary: 'The same as server-sent events',
  description:
    'Each message is one event, named by its type. `Last-Event-ID`, which browsers send by themselves when they come back, goes on where the connection was lost.',
  request: { query: liveQuery },
  responses: {
    200: { description: 'Events, for ever.', content: { 'text/event-stream': { schema: z.string() } } },
  },
});
