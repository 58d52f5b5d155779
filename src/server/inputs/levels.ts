import type { WSEvents } from 'hono/ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { AudioChunk, Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { closeWithCode } from '../http/close-socket.ts';
import { LevelMeter } from './level-meter.ts';
import { newestLevels } from './newest-levels.ts';
import type { InputLevels } from './schema.ts';

/** An input is not recorded longer than this, whoever has left a page open. */
const MAX_MS = 10 * 60_000;
/** "Unsupported data" would blame the client; this is the close code of a failed input: 4000 + the status 503. */
const INPUT_FAILED = 4503;

/**
 * A client that acknowledges nothing answers a ping, as the protocol requires, after it has read the message before. What
 * waits in the buffers of the system is not in `bufferedAmount`, and may be minutes of levels.
 */
const PING = Buffer.from('levels');

/**
 * The event handlers of a socket that shows the level of each channel of an input; no sound is kept or sent.
 *
 * @param open all channels of the input; throws UserError if there is no such input
 * @param acknowledged the client sends a message for each that it has received
 */
export function levelsSocket(
  open: () => Promise<Source>,
  acknowledged: boolean,
  logger: Logger,
): WSEvents<unknown> {
  const abort = new AbortController();
  let socket: WebSocket;
  let meter: LevelMeter | undefined;
  const newest = newestLevels((channels) => {
    if (socket.readyState !== socket.OPEN) return;
    const message: InputLevels = { type: 'levels', channels };
    socket.send(JSON.stringify(message));
    if (!acknowledged) socket.ping(PING);
  });
  return {
    onOpen(_event, { raw }) {
      socket = raw as WebSocket;
      socket.on('pong', (data) => {
        if (!acknowledged && data.equals(PING)) newest.arrived();
      });
      void run();
    },
    onMessage() {
      if (acknowledged) newest.arrived();
    },
    onClose: () => abort.abort(),
    onError: () => {}, // A close event follows.
  };

  async function run(): Promise<void> {
    const timer = setTimeout(() => abort.abort(), MAX_MS);
    try {
      const source = await open();
      if (!abort.signal.aborted)
        for await (const item of source.open(abort.signal)) if (item.type === 'audio') measure(item);
      closeWithCode(socket, 1000, 'ended', 'The levels of this input have ended.');
    } catch (error) {
      if (error instanceof UserError) closeWithCode(socket, INPUT_FAILED, error.code, error.message);
      else {
        logger.error({ err: error }, 'The levels of an input cannot be shown.');
        closeWithCode(socket, 1011, 'internal', 'The input failed with an internal error.');
      }
    } finally {
      clearTimeout(timer);
    }
  }

  function measure({ sampleRateHz, channels, samples }: AudioChunk): void {
    meter ??= new LevelMeter(sampleRateHz, channels);
    for (const levels of meter.push(samples)) newest.push(levels);
  }
}
