import { z } from 'zod';
import { STREAM_NAME } from '../../types.ts';
import { streamName } from '../../util/schemas.ts';

/** The last frame that a client received of a stream: `SEQ`, `NAME:SEQ`, `NAME:SEQ:RUN` or `-1:RUN`. */
export interface Since {
  /** undefined: every stream that has no entry of its own. */
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

/** Separated by commas, or a parameter that is repeated, as `URLSearchParams.append` does. */
const list = <T extends z.ZodType<unknown, string>>(item: T) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? value.join(',') : value),
    z
      .string()
      .transform((text) => text.split(',').filter((part) => part !== ''))
      .pipe(z.array(item).max(256, 'at most 256 of them')),
  );

/** `Last-Event-ID`, in the format of `since`. An id that another server made is ignored. */
export const lastEventId = list(since).optional().catch(undefined);

/** `/v1/live?streams=a,b&since=41`. */
export const liveQuery = z.object({
  streams: list(streamName).optional().meta({
    description: 'Names of streams, separated by commas. Default: all streams, including later ones.',
  }),
  since: list(since).optional().meta({
    description:
      'The last frame received: NAME:SEQ:RUN or NAME:SEQ. SEQ alone applies to all streams that are not named, and -1:RUN to all their runs from RUN on. Separate several by commas.',
  }),
});

export type LiveQuery = z.infer<typeof liveQuery>;
