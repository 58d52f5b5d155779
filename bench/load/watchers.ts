import { WebSocket } from 'ws';

export interface Watchers {
  /** Frames received since `reset`, and how long after their emission, in ms. */
  readonly delaysMs: number[];
  reset(): void;
  close(): void;
}

/** Connections that are opened at the same time. */
const AT_ONCE = 50;
const TIME = Buffer.from('"time":"');
const EMOTION = Buffer.from('{"type":"emotion"');
const ISO_LENGTH = '2026-01-01T00:00:00.000Z'.length;

/** Opens clients of `/v1/live`. Messages are not parsed, so that thousands of clients fit into one process. */
export async function watch(url: string, count: number, query: (i: number) => string): Promise<Watchers> {
  const delaysMs: number[] = [];
  const sockets: WebSocket[] = [];
  const receive = (data: Buffer) => {
    if (data.compare(EMOTION, 0, EMOTION.length, 0, EMOTION.length) !== 0) return;
    const at = data.indexOf(TIME) + TIME.length;
    delaysMs.push(Date.now() - Date.parse(data.toString('latin1', at, at + ISO_LENGTH)));
  };
  const open = (i: number) =>
    new Promise<void>((resolve, reject) => {
      const socket = new WebSocket(`${url}v1/live${query(i)}`, { perMessageDeflate: false });
      sockets.push(socket);
      socket.once('message', () => {
        socket.on('message', receive);
        resolve();
      });
      socket.once('error', reject);
    });
  for (let i = 0; i < count; i += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - i) }, (_, k) => open(i + k)));
  return {
    delaysMs,
    reset() {
      delaysMs.length = 0;
    },
    close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}
