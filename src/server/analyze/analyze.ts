import type { Context } from 'hono';
import { type EmotionFrame, STEP_SECONDS } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { bodyStream } from '../http/body-stream.ts';
import { Problem } from '../http/problem.ts';
import type { Limits } from '../limits.ts';
import { firstFile, isForm } from './multipart-file.ts';
import type { AnalyzeFormat } from './routes.ts';
import { spool, tooLarge } from './spool.ts';

/** Finds the frames of an audio file, some at a time; throws a UserError where it cannot. */
export type Analyzer = (path: string, signal: AbortSignal) => AsyncIterable<readonly EmotionFrame[]>;

export interface AnalyzeOptions {
  readonly analyzer: Analyzer;
  readonly limits: Limits;
  /** Where uploads lie while they are analysed. */
  readonly folder: string;
}

/**
 * `POST /v1/analyze`: an audio file in, as the body or as a form's file, frames out. A fault before the first
 * frame is a status; one after it (a file that breaks off) is told at the end of the answer, as `error`.
 */
export function createAnalyze({ analyzer, limits, folder }: AnalyzeOptions) {
  let running = 0;

  return async function analyze(c: Context, format: AnalyzeFormat): Promise<Response> {
    if (Number(c.req.header('content-length') ?? 0) > limits.analyzeBytes + 64 * 1024)
      throw tooLarge(limits.analyzeBytes);
    if (running >= limits.analyses) {
      throw new Problem(
        503,
        'busy',
        `This server analyses ${limits.analyses} files at a time, and does so already: try again in a moment.`,
        { 'Retry-After': '5' },
      );
    }
    const frames = analyzeBody(c);
    const { signal } = c.req.raw;
    // Whatever it is doing when the client goes, it ends there and gives its place back.
    signal.addEventListener('abort', () => void frames.return(undefined), { once: true });
    let first: IteratorResult<readonly EmotionFrame[]>;
    try {
      first = await frames.next();
    } catch (error) {
      if (signal.aborted) return new Response(null, { status: 499 }); // Nobody reads it.
      throw asProblem(error);
    }
    c.header('Content-Type', format === 'json' ? 'application/json' : 'application/x-ndjson');
    c.header('Cache-Control', 'no-store');
    return c.body(bodyStream(written()));

    async function* written(): AsyncGenerator<string> {
      const [open, separator, close] = format === 'json' ? ['{"frames":[', ',\n', ']'] : ['', '\n', '\n'];
      let fault: UserError | undefined;
      let any = false;
      try {
        yield open;
        for (let next = first; !next.done; next = await frames.next()) {
          if (next.value.length === 0) continue;
          yield (any ? separator : '') + next.value.map((frame) => JSON.stringify(frame)).join(separator);
          any = true;
        }
      } catch (error) {
        fault =
          error instanceof UserError
            ? error
            : new UserError('internal', 'The analysis failed on an internal fault.');
      } finally {
        await frames.return(undefined);
      }
      const error = fault && JSON.stringify({ type: 'error', code: fault.code, message: fault.message });
      if (format === 'json') yield `${close}${error ? `,"error":${error}` : ''}}\n`;
      else yield `${any ? close : ''}${error ? `${error}\n` : ''}`;
    }
  };

  async function* analyzeBody(c: Context): AsyncGenerator<readonly EmotionFrame[], undefined> {
    running++;
    try {
      yield* analyzed(c);
    } finally {
      running--;
    }
    return undefined;
  }

  async function* analyzed(c: Context): AsyncGenerator<readonly EmotionFrame[]> {
    const { body, signal } = c.req.raw;
    if (!body)
      throw new Problem(
        422,
        'empty',
        'The request has no body: send an audio file, as in curl --data-binary @song.ogg.',
      );
    const type = c.req.header('content-type');
    const chunks = body as unknown as AsyncIterable<Uint8Array>;
    const file = await spool(isForm(type) ? firstFile(chunks, type) : chunks, folder, limits.analyzeBytes);
    const timeout = AbortSignal.timeout(limits.analyzeMs);
    let frames = 0;
    try {
      for await (const some of analyzer(file.path, AbortSignal.any([signal, timeout]))) {
        frames += some.length;
        yield some;
      }
      if (frames === 0 && !signal.aborted && !timeout.aborted) {
        const sentence = `The uploaded file is shorter than a step: at least ${STEP_SECONDS} s of audio are needed.`;
        throw new UserError('too-short', sentence);
      }
      if (timeout.aborted) {
        throw new UserError(
          'too-long',
          `The analysis was stopped after ${limits.analyzeMs / 1000} s: cut the file, or use "undertone track".`,
        );
      }
    } finally {
      await file.remove();
    }
  }
}

function asProblem(error: unknown): unknown {
  return error instanceof UserError ? new Problem(422, error.code, error.message) : error;
}
