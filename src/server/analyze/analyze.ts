import type { Context } from 'hono';
import { type EmotionFrame, STEP_SECONDS } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { bodyStream } from '../http/body-stream.ts';
import { Problem } from '../http/problem.ts';
import type { Limits } from '../limits.ts';
import { decodedBody } from './decoded-body.ts';
import { firstFile, isForm } from './multipart-file.ts';
import { removeLeftUploads, saveUpload, tooLarge } from './upload.ts';

/** Emits the frames of an audio file, some at a time; throws a UserError for a file that it cannot analyze. */
export type FileAnalyzer = (path: string, signal: AbortSignal) => AsyncIterable<readonly EmotionFrame[]>;

export const ANALYZE_FORMATS = ['json', 'ndjson'] as const;
type AnalyzeFormat = (typeof ANALYZE_FORMATS)[number];

export interface AnalyzeOptions {
  readonly analyzer: FileAnalyzer;
  readonly limits: Limits;
  /** Folder for uploads while they are analyzed; what a crash has left in it is removed. */
  readonly folder: string;
}

/**
 * `POST /v1/analyze`: analyzes an audio file, sent as the body or in a form. An error before the first frame is an
 * HTTP status; a later one, for example for an incomplete file, is appended to the response as `error`.
 *
 * @throws Problem `too-large`, `busy`, `empty`, and the codes of the analyzer with status 422
 */
export function createAnalyze({ analyzer, limits, folder }: AnalyzeOptions) {
  let running = 0;
  removeLeftUploads(folder);

  return async function analyze(c: Context, format: AnalyzeFormat): Promise<Response> {
    if (Number(c.req.header('content-length') ?? 0) > limits.analyzeBytes + 64 * 1024)
      throw tooLarge(limits.analyzeBytes);
    if (running >= limits.analyses) {
      const message = `This server is already analyzing ${limits.analyses} files, its limit: try again in a moment, or raise "limits.analyses" in the configuration.`;
      throw new Problem(503, 'busy', message, { 'Retry-After': '5' });
    }
    const frames = countedFrames(c);
    const { signal } = c.req.raw;
    // When the client disconnects, the analysis ends and makes room for another. Nobody waits for its errors any more.
    signal.addEventListener('abort', () => void frames.return(undefined).catch(() => {}), { once: true });
    let first: IteratorResult<readonly EmotionFrame[]>;
    try {
      first = await frames.next();
    } catch (error) {
      if (signal.aborted) return new Response(null, { status: 499 }); // The client has disconnected.
      throw asProblem(error);
    }
    c.header('Content-Type', format === 'json' ? 'application/json' : 'application/x-ndjson');
    c.header('Cache-Control', 'no-store');
    return c.body(bodyStream(writeFrames(first, frames, format)));
  };

  async function* countedFrames(c: Context): AsyncGenerator<readonly EmotionFrame[], undefined> {
    running++;
    try {
      yield* framesOfBody(c);
    } finally {
      running--;
    }
    return undefined;
  }

  async function* framesOfBody(c: Context): AsyncGenerator<readonly EmotionFrame[]> {
    const { body, signal } = c.req.raw;
    if (!body) {
      const message = 'The request has no body: send an audio file, as in curl --data-binary @song.ogg.';
      throw new Problem(422, 'empty', message);
    }
    const type = c.req.header('content-type');
    const chunks = decodedBody(
      body as unknown as AsyncIterable<Uint8Array>,
      c.req.header('content-encoding'),
    );
    const file = await saveUpload(
      isForm(type) ? firstFile(chunks, type) : chunks,
      folder,
      limits.analyzeBytes,
    );
    const timeout = AbortSignal.timeout(limits.analyzeMs);
    let count = 0;
    try {
      for await (const frames of analyzer(file.path, AbortSignal.any([signal, timeout]))) {
        count += frames.length;
        yield frames;
      }
      if (count === 0 && !signal.aborted && !timeout.aborted) {
        const message = `The uploaded file is too short: it needs at least ${STEP_SECONDS} s of audio, one step.`;
        throw new UserError('too-short', message);
      }
      if (timeout.aborted) {
        const message = `The analysis was stopped after ${Math.round(limits.analyzeMs / 60_000)} min: cut the file, or use "undertone track".`;
        throw new UserError('too-long', message);
      }
    } finally {
      await file.remove();
    }
  }
}

async function* writeFrames(
  first: IteratorResult<readonly EmotionFrame[]>,
  rest: AsyncGenerator<readonly EmotionFrame[], undefined>,
  format: AnalyzeFormat,
): AsyncGenerator<string> {
  const [open, separator, close] = format === 'json' ? ['{"frames":[', ',\n', ']'] : ['', '\n', '\n'];
  let failure: UserError | undefined;
  let any = false;
  try {
    yield open;
    for (let next = first; !next.done; next = await rest.next()) {
      if (next.value.length === 0) continue;
      yield (any ? separator : '') + next.value.map((frame) => JSON.stringify(frame)).join(separator);
      any = true;
    }
  } catch (error) {
    failure =
      error instanceof UserError
        ? error
        : new UserError('internal', 'The analysis failed with an internal error.');
  } finally {
    await rest.return(undefined);
  }
  const error = failure && JSON.stringify({ type: 'error', code: failure.code, message: failure.message });
  if (format === 'json') yield `${close}${error ? `,"error":${error}` : ''}}\n`;
  else yield `${any ? close : ''}${error ? `${error}\n` : ''}`;
}

function asProblem(error: unknown): unknown {
  return error instanceof UserError ? new Problem(422, error.code, error.message) : error;
}
