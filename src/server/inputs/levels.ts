import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import type { AudioChunk, Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { closeWithCode } from '../http/close-socket.ts';
import { LevelMeter } from './level-meter.ts';
import type { InputLevels } from './schema.ts';

/** Nothing is queued for a client with more than this unread. */
const MAX_UNREAD_BYTES = 16 * 1024;
/** An input is not recorded longer than this, whoever has left a page open. */
const MAX_MS = 10 * 60_000;
/** "Unsupported data" would blame the client; this is the close code of a failed input: 4000 + the status 503. */
const INPUT_FAILED = 4503;

/**
 * The event handlers of a socket that shows the level of each channel of an input; no sound is kept or sent.
 *
 * @param open all channels of the input; throws UserError if there is no such input
 */
export function levelsSocket(open: () => Promise<Source>): WSEvents<unknown> {
  const abort = new AbortController();
  let meter: LevelMeter | undefined;
  return {
    onOpen: (_event, { raw }) => void run(raw as WebSocket),
    onClose: () => abort.abort(),
    onError: () => {}, // A close event follows.
  };

  async function run(socket: WebSocket): Promise<void> {
    const timer = setTimeout(() => abort.abort(), MAX_MS);
    try {
      const source = await open();
      if (!abort.signal.aborted)
        for await (const item of source.open(abort.signal)) if (item.type === 'audio') send(socket, item);
      closeWithCode(socket, 1000, 'ended', 'The levels of this input have ended.');
    } catch (error) {
      if (!(error instanceof UserError))
        closeWithCode(socket, 1011, 'internal', 'The input failed with an internal error.');
      else closeWithCode(socket, INPUT_FAILED, error.code, error.message);
      if (!(error instanceof UserError)) throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  function send(socket: WebSocket, chunk: AudioChunk): void {
    meter ??= new LevelMeter(chunk.sampleRateHz, chunk.channels);
    for (const channels of meter.push(chunk.samples)) {
      const message: InputLevels = { type: 'levels', channels };
      if (socket.readyState === socket.OPEN && socket.bufferedAmount < MAX_UNREAD_BYTES)
        socket.send(JSON.stringify(message));
    }
  }
}
