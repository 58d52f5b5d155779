import { type MessagePort, type Transferable, Worker } from 'node:worker_threads';
import { type ReasonValues, UserError } from '../../user-error.ts';

/** Items that one thread produces and another consumes, in both directions of the module boundary. */

type Reply<T> =
  | { readonly type: 'item'; readonly item: T }
  | { readonly type: 'end' }
  | ({ readonly type: 'error' } & SentError);

/** Items that a thread produces before the first is consumed. */
const AHEAD = 2;

/**
 * Starts a thread and yields the items that it sends with `sendItems`. The thread ends with the iteration.
 *
 * @param module the path of its compiled JavaScript
 * @throws the error that ended its items
 */
export async function* itemsOfThread<T>(
  module: string,
  workerData: unknown,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  if (signal.aborted) return;
  const worker = new Worker(module, { workerData });
  const replies: Reply<T>[] = [];
  let wake = () => {};
  const receive = (reply: Reply<T>) => {
    replies.push(reply);
    wake();
  };
  const abort = () => wake();
  worker.on('message', receive);
  worker.on('error', (error) => receive({ type: 'error', message: error.message }));
  worker.on('exit', () => receive({ type: 'error', message: 'A thread ended unexpectedly.' }));
  signal.addEventListener('abort', abort, { once: true });
  try {
    while (!signal.aborted) {
      const reply = replies.shift();
      if (!reply) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      if (reply.type === 'end') return;
      if (reply.type === 'error') throw errorOf(reply);
      worker.postMessage('more');
      yield reply.item;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

interface SentError {
  /** Of a UserError. */
  readonly code?: string;
  readonly message: string;
  readonly values?: ReasonValues | undefined;
}

const errorOf = ({ code, message, values }: SentError): Error =>
  code === undefined ? new Error(message) : new UserError(code, message, { values });

/**
 * Sends items to the thread that started this one, a few ahead of its consumer.
 *
 * @param transfer the buffers of an item that nothing else uses: they are moved, not copied
 */
export async function sendItems<T>(
  port: MessagePort,
  items: AsyncIterable<T>,
  transfer: (item: T) => readonly Transferable[],
): Promise<void> {
  let left = AHEAD;
  let wake = () => {};
  port.on('message', () => {
    left++;
    wake();
  });
  const send = (reply: Reply<T>, buffers: readonly Transferable[] = []) => port.postMessage(reply, buffers);
  try {
    for await (const item of items) {
      if (left === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      left--;
      send({ type: 'item', item }, transfer(item));
    }
    send({ type: 'end' });
  } catch (error) {
    if (error instanceof UserError) {
      const { code, message, values } = error;
      send({ type: 'error', code, message, values });
    } else
      send({
        type: 'error',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
  }
  port.close();
}
