import { Observable, share } from 'rxjs';
import { abortable } from '../stream/chunks.ts';
import type { Source, StreamMessage } from '../types.ts';
import { UserError } from '../user-error.ts';
import type { PcmChunk } from './track-input.ts';

/** Messages as they are taken. Leaving a `for await` loop ends the input and waits until it is closed. */
export interface Messages extends AsyncIterableIterator<StreamMessage> {
  /** Ends the input, also while `next` waits for it. */
  return(): Promise<IteratorResult<StreamMessage>>;
}

/** Messages as a shared observable: the first subscriber opens them, the last to leave ends them. */
export function observe(open: () => Messages): Observable<StreamMessage> {
  return new Observable<StreamMessage>((subscriber) => {
    const messages = open();
    const drain = async () => {
      for await (const message of messages) subscriber.next(message);
    };
    drain().then(
      () => subscriber.complete(),
      (fault) => subscriber.error(fault),
    );
    return () => void messages.return();
  }).pipe(share());
}

/** PCM in, messages out. Nothing is queued but the one piece that a writer waits for: messages are made when they are read. */
export function transform(
  track: (pcm: AsyncIterable<PcmChunk>) => Messages,
): TransformStream<PcmChunk, StreamMessage> {
  const { writable, readable: pieces } = new TransformStream<PcmChunk, PcmChunk>();
  const reader = pieces.getReader();
  async function* read() {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  }
  const messages = track(read());
  const readable = new ReadableStream<StreamMessage>(
    {
      async pull(controller) {
        try {
          const { done, value } = await messages.next();
          if (!done) return controller.enqueue(value);
          await reader.cancel(); // The tracker was closed, and who writes must know.
          controller.close();
        } catch (fault) {
          await reader.cancel(fault).catch(() => {}); // It may be the writer's own.
          throw fault;
        }
      },
      async cancel(reason) {
        await reader.cancel(reason);
        await messages.return();
      },
    },
    { highWaterMark: 0 },
  );
  return { readable, writable };
}

/** A source that keeps its fault, for its own sentence and stack are the best there are, and knows when it is closed. */
export function watchSource(source: Source) {
  let fault: unknown;
  let closed = Promise.resolve();
  return {
    fault: () => fault,
    closed: () => closed,
    onFault(arisen: unknown) {
      fault ??= arisen;
    },
    source: {
      uri: source.uri,
      async *open(signal: AbortSignal) {
        let close = () => {};
        closed = new Promise((resolve) => {
          close = resolve;
        });
        try {
          yield* abortable(source.open(signal), signal);
        } catch (cause) {
          fault = cause;
          throw cause instanceof UserError ? cause : inputFailed(cause);
        } finally {
          close();
        }
      },
    },
  };
}

function inputFailed(cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UserError('input-failed', `The input failed: ${reason}`, { cause });
}
