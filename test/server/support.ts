import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { FileAnalyzer } from '../../src/server/analyze/analyze.ts';
import { createServer } from '../../src/server/server.ts';
import type { ServerOptions } from '../../src/server/server-options.ts';
import type { StartTracker } from '../../src/server/streams/hub-options.ts';
import { ChunkQueue } from '../../src/stream/chunk-queue.ts';
import {
  EMPTY_FRAME,
  type EmotionFrame,
  FORECAST_HORIZONS,
  type ReasonCode,
  type Source,
  type StreamMessage,
} from '../../src/types.ts';
import { UserError } from '../../src/user-error.ts';

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A frame of a tracker, with six decimals, whose values depend on stream and seq only. */
export function frameOf(stream: string, seq: number, timeMs = Date.now()): EmotionFrame {
  const wave = (phase: number) => Math.round(Math.sin(seq * 0.37 + phase) * 1e6) / 1e6;
  const silent = seq % 7 === 6;
  return {
    ...EMPTY_FRAME,
    stream,
    seq,
    t: 0.5 * (seq + 1),
    time: new Date(timeMs).toISOString(),
    valence: silent ? null : wave(0),
    arousal: silent ? null : wave(1),
    valenceSd: silent ? null : 0.17,
    arousalSd: silent ? null : 0.140001,
    forecast: silent
      ? []
      : FORECAST_HORIZONS.map((horizon) => ({
          horizon,
          valence: wave(horizon),
          arousal: wave(horizon + 1),
          valenceLow: wave(2),
          valenceHigh: wave(3),
          arousalLow: wave(4),
          arousalHigh: wave(5),
        })),
    mood: silent ? null : 'excited',
    loudness: silent ? null : -14.2,
    activity: silent ? 'silence' : 'music',
    confidence: silent ? 0 : 0.8,
    latencyMs: 4.1,
  };
}

/** Counts samples instead of analyzing them: one frame per half second of audio. */
export const fakeTracker: StartTracker = (source, stream) => ({
  messages$: new Observable<StreamMessage>((subscriber) => {
    const abort = new AbortController();
    let seconds = 0;
    let seq = 0;
    const event = (
      type: 'stream-started' | 'stream-stopped' | 'source-lost' | 'source-restored',
      message: string,
    ) => ({ type, stream, t: seconds, time: new Date().toISOString(), message }) as const;
    void (async () => {
      subscriber.next(event('stream-started', `Started with the source ${source.uri}`));
      try {
        for await (const item of source.open(abort.signal)) {
          if (item.type === 'analyzed') throw new Error('no such source here');
          if (item.type !== 'audio') {
            const { type, message, ...reason } = item;
            subscriber.next({ ...event(type, message), ...reason });
          } else {
            seconds += item.samples.length / item.channels / item.sampleRateHz;
            while (0.5 * (seq + 1) <= seconds + 1e-9) subscriber.next(frameOf(stream, seq++));
          }
        }
        subscriber.next(event('stream-stopped', 'The source ended.'));
      } catch (error) {
        const { message, code, values } = error as UserError;
        subscriber.next({ ...event('stream-stopped', message), code, ...(values && { values }) });
      }
      subscriber.complete();
    })();
    return () => abort.abort();
  }),
});

/** A source that the test feeds step by step. */
export function manualSource(uri = 'manual:') {
  let queue: ChunkQueue | undefined;
  const source: Source = {
    uri,
    open: (signal) => {
      queue = new ChunkQueue({ signal });
      return queue;
    },
  };
  const ready = async () => {
    while (!queue) await soon();
    return queue;
  };
  return {
    source,
    /** Pushes half seconds of audio, each of which becomes a frame. */
    async steps(count: number): Promise<void> {
      const open = await ready();
      for (let i = 0; i < count; i++) {
        open.push({
          type: 'audio',
          sampleRateHz: 8000,
          channels: 1,
          samples: new Float32Array(4000),
          arrivedAtMs: 0,
        });
        await soon();
      }
    },
    notice: async (message: string, reason: Partial<ReasonCode> = {}) =>
      (await ready()).notice({ type: 'source-lost', message, ...reason }),
    end: async () => (await ready()).end(),
    fail: async (error: UserError) => (await ready()).fail(error),
  };
}

/** Calls the API with a body of JSON, and parses the answer. */
export async function call(server: { url: string }, method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Json };
}

export const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(
  condition: () => boolean,
  what = 'the condition',
  withinMs = 90_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${withinMs / 1_000} s`);
    await sleep(5);
  }
}

/** Emits three frames for every file, except one that starts with "noise", which is not audio. */
export const fakeAnalyzer: FileAnalyzer = async function* (path) {
  const { readFileSync } = await import('node:fs');
  if (readFileSync(path, 'utf8').startsWith('noise')) throw new UserError('not-audio', 'This is not audio.');
  yield [frameOf('analyze', 0), frameOf('analyze', 1)];
  yield [frameOf('analyze', 2)];
};

export async function startServer(options: Partial<ServerOptions> = {}) {
  const server = await createServer({
    startTracker: fakeTracker,
    analyzer: fakeAnalyzer,
    model: 'fake',
    engine: 'none',
    dataDir: options.dataDir ?? tempFolder(),
    port: 0,
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

// biome-ignore lint/suspicious/noExplicitAny: tests read messages of any shape
type Json = any;

/** A WebSocket client that stores the messages that it receives. */
export class Client {
  readonly socket: WebSocket;
  readonly messages: Json[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Resolves with the response to a refused upgrade. */
  readonly refused: Promise<{ status: number; headers: Record<string, unknown>; body: string }>;

  constructor(server: { port: number }, path: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    this.socket.on('message', (data) => this.messages.push(JSON.parse(String(data))));
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    this.refused = new Promise((resolve) => {
      this.socket.on('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (data) => (body += data));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
          this.socket.terminate();
        });
      });
    });
    onTestFinished(() => this.socket.terminate());
  }

  async opened(): Promise<this> {
    await until(() => this.socket.readyState !== WebSocket.CONNECTING, 'the connection');
    return this;
  }

  of(type: string): Json[] {
    return this.messages.filter((message) => message.type === type);
  }

  get seqs(): number[] {
    return this.of('emotion').map((frame) => frame.seq);
  }

  /** Waits for messages of a type. */
  async received(type: string, count = 1): Promise<Json[]> {
    await until(
      () => this.of(type).length >= count,
      `${count} × ${type}, have ${JSON.stringify(this.messages).slice(0, 300)}`,
    );
    return this.of(type);
  }
}

/** An ingest client that has sent its hello. */
export async function sender(
  server: { port: number },
  name: string,
  hello: Record<string, unknown> = {},
): Promise<Client> {
  const client = await new Client(server, `/v1/streams/${name}/audio`).opened();
  client.socket.send(
    JSON.stringify({ type: 'hello', format: 's16le', sampleRate: 8000, channels: 1, ...hello }),
  );
  return client;
}

/** A sine of 220 Hz at the given rate, mono, 16 bits. */
export function tone(seconds: number, sampleRate = 8000): Buffer {
  const bytes = Buffer.alloc(Math.round(seconds * sampleRate) * 2);
  for (let i = 0; i < bytes.length / 2; i++)
    bytes.writeInt16LE(Math.round(8000 * Math.sin((i * 220 * 2 * Math.PI) / sampleRate)), i * 2);
  return bytes;
}
