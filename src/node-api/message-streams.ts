import { Observable, share } from 'rxjs';
import type { StreamMessage } from '../types.ts';
import type { PcmChunk } from './track-input.ts';

/** The messages of one input, pulled one at a time. Leaving a `for await` loop closes the input and waits for it. */
export interface Messages extends AsyncIterableIterator<StreamMessage> {
  /** Closes the input, even while `next` waits for it. */
  return(): Promise<IteratorResult<StreamMessage>>;
}

/** The messages as a shared observable: the first subscriber opens them, the last to unsubscribe closes them. */
export function toObservable(open: () => Messages): Observable<StreamMessage> {
  return new Observable<StreamMessage>((subscriber) => {
    const messages = open();
    const drain = async () => {
      for await (const message of messages) subscriber.next(message);
    };
    drain().then(
      () => subscriber.complete(),
      (error) => subscriber.error(error),
    );
    return () => void messages.return();
  }).pipe(share());
}

/** PCM in, messages out. A message is computed when it is read; the only queue is the one piece that a writer waits on. */
export function toTransformStream(
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
          await reader.cancel(); // The tracker may have been closed: the writer must get an error.
          controller.close();
        } catch (error) {
          await reader.cancel(error).catch(() => {}); // The error may have come from the writer.
          throw error;
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
