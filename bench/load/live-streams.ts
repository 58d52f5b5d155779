import { WebSocket } from 'ws';
import { STEP_SECONDS } from '../../src/types.ts';
import { bytesOf, RATE_HZ } from './piece.ts';

export interface LiveStreamsOptions {
  readonly url: string;
  readonly streams: number;
  /** Length of a message of audio; steps should be a multiple. */
  readonly chunkMs: number;
  /** 44.1 kHz stereo s16le, which every stream plays in a loop from a place of its own. */
  readonly pcm: Buffer;
}

export interface LiveStreams {
  /** From the sending of a step's last sample to the receipt of its frame, in ms; since `reset`. */
  readonly latenessMs: number[];
  readonly gaps: number;
  reset(): void;
  close(): void;
}

interface Sender {
  readonly socket: WebSocket;
  offset: number;
  /** When each chunk was sent, from the first. */
  readonly sentMs: number[];
  readonly startMs: number;
}

const TICK_MS = 2;

/**
 * Sends audio over WebSockets by the clock, as live stations do, and receives all frames over one other. Senders start
 * at different moments, so that their steps do not end together.
 */
export async function startLiveStreams({
  url,
  streams,
  chunkMs,
  pcm,
}: LiveStreamsOptions): Promise<LiveStreams> {
  const latenessMs: number[] = [];
  const senders = new Map<string, Sender>();
  let gaps = 0;
  const live = new WebSocket(`${url}v1/live`, { perMessageDeflate: false });
  await new Promise<void>((resolve) => live.once('message', () => resolve()));
  live.on('message', (data) => {
    const nowMs = performance.now();
    const message = JSON.parse(String(data));
    if (message.type === 'gap' || message.type === 'skipped') gaps++;
    if (message.type !== 'emotion') return;
    const sender = senders.get(message.stream);
    const endSample = Math.ceil((message.seq + 1) * STEP_SECONDS * RATE_HZ);
    const chunk = Math.ceil((1000 * endSample) / RATE_HZ / chunkMs - 1e-9) - 1;
    const sentMs = sender?.sentMs[chunk];
    if (sentMs !== undefined) latenessMs.push(nowMs - sentMs);
  });

  const chunkBytes = bytesOf(chunkMs);
  const open = async (i: number): Promise<void> => {
    const name = `s${i}`;
    const socket = new WebSocket(`${url}v1/streams/${name}/audio`, { perMessageDeflate: false });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.send(JSON.stringify({ type: 'hello', format: 's16le', sampleRate: RATE_HZ, channels: 2 }));
    await new Promise<void>((resolve, reject) =>
      socket.once('message', (data) => {
        const { type, message } = JSON.parse(String(data));
        if (type === 'ready') resolve();
        else reject(new Error(message));
      }),
    );
    socket.on('error', () => {});
    const offset = chunkBytes * Math.floor((i * 7919) % (pcm.length / chunkBytes - 1));
    const startMs = performance.now() + ((i * 61.8) % 500);
    senders.set(name, { socket, offset, sentMs: [], startMs });
  };
  for (let i = 0; i < streams; i += 16)
    await Promise.all(Array.from({ length: Math.min(16, streams - i) }, (_, k) => open(i + k)));

  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const sender of senders.values()) {
      while (nowMs >= sender.startMs + (sender.sentMs.length + 1) * chunkMs) {
        if (sender.offset + chunkBytes > pcm.length) sender.offset = 0;
        sender.sentMs.push(performance.now());
        sender.socket.send(pcm.subarray(sender.offset, sender.offset + chunkBytes));
        sender.offset += chunkBytes;
      }
    }
  }, TICK_MS);

  return {
    latenessMs,
    get gaps() {
      return gaps;
    },
    reset() {
      latenessMs.length = 0;
      gaps = 0;
    },
    close() {
      clearInterval(timer);
      for (const { socket } of senders.values()) socket.terminate();
      live.terminate();
    },
  };
}
