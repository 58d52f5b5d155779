import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { Random } from '../../lab/train/random.ts';
import { openSource } from '../../src/stream/sources/index.ts';

export const RATE_HZ = 16_000;
const PIECE_SECONDS = 90;

/** A piece of music as 16-bit mono samples. */
export async function composePiece(seed: number): Promise<Buffer> {
  const source = openSource(`demo:?seed=${seed}&rate=${RATE_HZ}&channels=1`, { paced: false });
  const pcm = Buffer.alloc(2 * RATE_HZ * PIECE_SECONDS);
  let at = 0;
  for await (const item of source.open(new AbortController().signal)) {
    if (item.type !== 'audio') continue;
    for (const sample of item.samples) {
      if (at === pcm.length) return pcm;
      at = pcm.writeInt16LE(Math.round(32_767 * Math.max(-1, Math.min(1, sample))), at);
    }
  }
  return pcm;
}

/** The format in which a sender declares its 16-bit samples. */
export interface SentFormat {
  readonly sampleRate: number;
  readonly channels: number;
}

/** How a sender leaves: as agreed, without a word, or with nonsense. */
const ENDINGS = ['close', 'close', 'close', 'vanish', 'garbage'] as const;

export interface SenderOptions {
  readonly url: string;
  readonly stream: string;
  readonly pieces: readonly Buffer[];
  readonly random: Random;
  readonly signal: AbortSignal;
  /** One of them is declared for each connection; the samples are the same. Default: 16 kHz, mono. */
  readonly formats?: readonly SentFormat[];
  /** Longest audio of one connection, in seconds at 16 kHz. */
  readonly maxSeconds: number;
  /** Called when everything that one connection sent was accepted; only for endings that are agreed. */
  readonly onSent?: (pcm: Buffer, format: SentFormat) => Promise<void>;
  /** Always close as agreed. */
  readonly polite?: boolean;
}

/** Sends music over one WebSocket after another, as fast as the server takes it. */
export async function sendForever(options: SenderOptions): Promise<void> {
  const { signal } = options;
  while (!signal.aborted) {
    await sendOnce(options).catch(() => {});
    await sleep(options.polite ? 1500 : 100 + 400 * options.random.next(), undefined, { signal }).catch(
      () => {},
    );
  }
}

async function sendOnce({ url, stream, pieces, random, signal, ...options }: SenderOptions): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/streams/${stream}/audio`);
  const closed = once(socket, 'close').catch(() => {});
  socket.on('error', () => {});
  try {
    await once(socket, 'open');
    const { formats = [{ sampleRate: RATE_HZ, channels: 1 }] } = options;
    const format = formats[random.below(formats.length)]!;
    socket.send(JSON.stringify({ type: 'hello', format: 's16le', ...format }));
    const [answer] = (await once(socket, 'message')) as [Buffer];
    if (JSON.parse(String(answer)).type !== 'ready') return;
    const ending = options.polite ? 'close' : ENDINGS[Math.floor(random.next() * ENDINGS.length)]!;
    const piece = pieces[Math.floor(random.next() * pieces.length)]!;
    // Whole stereo samples.
    const total = 4 * Math.floor((RATE_HZ / 2) * options.maxSeconds * (0.2 + 0.8 * random.next()));
    for (let sent = 0; sent < total && !signal.aborted && socket.readyState === WebSocket.OPEN; ) {
      const at = sent % piece.length;
      const size = Math.min(1 + Math.floor(random.next() * 60_000), total - sent, piece.length - at);
      socket.send(piece.subarray(at, at + size));
      sent += size;
      while (socket.bufferedAmount > 262_144 && socket.readyState === WebSocket.OPEN) await sleep(2);
    }
    if (signal.aborted) return;
    if (ending === 'vanish') socket.terminate();
    if (ending === 'garbage') socket.send('{"type":"nonsense"}');
    if (ending === 'close') {
      socket.close();
      await closed;
      const repeats = Math.ceil(total / piece.length);
      await options.onSent?.(Buffer.concat(Array(repeats).fill(piece)).subarray(0, total), format);
    }
  } finally {
    socket.terminate();
    await closed;
  }
}
