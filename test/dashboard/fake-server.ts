import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ActiveAlert, EmotionFrame, LiveHello, StreamInfo, StreamMessage } from '../../src/types.ts';
import { emotionsOf } from './fake-buckets.ts';
import { fakeFrame } from './fake-frame.ts';

/**
 * A small server with the contract of the real one, for tests of the dashboard alone: it serves
 * dist/dashboard under a strict CSP, sends frames on `step` only, and can be stopped and restarted on the
 * same port with its log, like the real one.
 */

const DASHBOARD = fileURLToPath(new URL('../../dist/dashboard', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws:; media-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'";

export interface FakeStream {
  readonly name: string;
  source: string;
  state: StreamInfo['state'];
  message: string | null;
  readonly alerts: ActiveAlert[];
  run: number;
  seq: number;
  /** Every frame sent, as the log stores them. */
  readonly log: { readonly run: number; readonly frame: EmotionFrame }[];
}

/** What one ingest client sent. */
export interface Ingest {
  readonly stream: string;
  hello: unknown;
  bytes: number;
  peak: number;
}

export class FakeServer {
  readonly streams: FakeStream[];
  readonly ingests: Ingest[] = [];
  /** Queries of `/v1/live`, in the order of the connections. */
  readonly liveQueries: string[] = [];
  /** Queries of `/emotions`, in the order of the requests. */
  readonly emotionQueries: string[] = [];
  /** What `/tracks` answers for every stream. */
  tracks: unknown[] = [];
  trackQueries = 0;
  /** What `/v1/next` answers. */
  candidates: unknown[] = [];
  /** Sent to an ingest client instead of `ready`. */
  refuseIngest: { code: string; message: string } | null = null;
  /** What routes answer, by method and path: a status alone, the JSON of a response, or its bytes, whole or as a stream. */
  readonly answers = new Map<string, number | object | ((body: Buffer) => string | Buffer | Readable)>();
  /** Requests to those routes, with their bodies. */
  readonly requests: { readonly route: string; readonly query: string; readonly body: unknown }[] = [];
  /** The token that clients need; null: none. */
  token: string | null = null;
  /** In place of what frames have of their own, from the next step on. */
  fields: Partial<EmotionFrame> = {};
  /** Whether its hello has the server's time, as that of the present server. */
  hasClock = false;
  port = 0;
  #now: number;
  #http = createServer();
  #live = new Set<WebSocket>();
  #sockets = new Set<WebSocket>();

  #dashboard: string;

  /** `startMs`: the server's clock; every step advances it by 500 ms. `dashboard`: the folder of the built page. */
  constructor(names: readonly string[], startMs = Date.now(), dashboard = DASHBOARD) {
    this.#dashboard = dashboard;
    this.#now = startMs;
    this.streams = names.map((name) => newStream(name, 'demo:'));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  get clients(): number {
    return this.#live.size;
  }

  async start(): Promise<void> {
    this.#http = createServer((request, response) => void this.#answer(request, response));
    const upgrader = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
    this.#http.on('upgrade', (request, socket, head) => {
      upgrader.handleUpgrade(request, socket, head, (client) => this.#accept(client, request));
    });
    await new Promise<void>((done) => this.#http.listen(this.port, '127.0.0.1', done));
    this.port = (this.#http.address() as AddressInfo).port;
  }

  /** Closes all connections; the log is kept. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.close(1001);
    const closed = new Promise((done) => this.#http.close(done));
    this.#http.closeAllConnections();
    await closed;
    for (const socket of this.#sockets) socket.terminate();
    this.#sockets.clear();
    this.#live.clear();
  }

  /** Begins a new run of each stream, as a restarted server does. */
  newRuns(): void {
    for (const stream of this.streams) {
      stream.run++;
      stream.seq = 0;
    }
  }

  /** Emits `count` steps in every stream, or in those of `only`. */
  step(count = 1, only?: readonly string[]): void {
    for (let i = 0; i < count; i++) {
      this.#now += 500;
      for (const stream of this.streams) {
        if (only === undefined || only.includes(stream.name)) this.#emit(stream);
      }
    }
  }

  /** Writes `seconds` of earlier steps of a stream into the log, without sending them. Call before `step`. */
  addPast(name: string, seconds: number): void {
    const stream = this.streams.find((known) => known.name === name)!;
    const count = 2 * seconds;
    for (let i = 0; i < count; i++)
      stream.log.push({
        run: 0,
        frame: fakeFrame(name, i, this.#now - 500 * (count - i)),
      });
  }

  /** Sends an event; later hellos include it, as those of the real server do. */
  event(message: Extract<StreamMessage, { message: string }>): void {
    const stream = this.streams.find(({ name }) => name === message.stream);
    if (stream && message.type === 'alert-raised') stream.alerts.push(message);
    if (stream && (message.type === 'source-lost' || message.type === 'stream-stopped')) {
      stream.state = message.type === 'source-lost' ? 'lost' : 'stopped';
      stream.message = message.message;
    }
    this.#broadcast(message);
  }

  get time(): string {
    return new Date(this.#now).toISOString();
  }

  #emit(stream: FakeStream): void {
    const frame = { ...fakeFrame(stream.name, stream.seq++, this.#now), ...this.fields };
    stream.log.push({ run: stream.run, frame });
    this.#broadcast(frame);
  }

  #broadcast(message: StreamMessage): void {
    const text = JSON.stringify(message);
    for (const client of this.#live) client.send(text);
  }

  #accept(client: WebSocket, request: IncomingMessage): void {
    this.#sockets.add(client);
    client.on('close', () => this.#sockets.delete(client));
    const url = new URL(request.url ?? '/', 'http://fake');
    const ingest = /^\/v1\/streams\/([^/]+)\/audio$/.exec(url.pathname);
    if (url.pathname === '/v1/live') this.#acceptLive(client, url, request.headers['sec-websocket-protocol']);
    else if (ingest !== null) this.#acceptIngest(client, ingest[1]!);
    else client.close(1008);
  }

  #acceptLive(client: WebSocket, url: URL, protocols = ''): void {
    if (this.token !== null && !protocols.includes(`bearer.${this.token}`)) {
      const code = protocols.includes('bearer.') ? 'wrong-token' : 'no-token';
      client.send(JSON.stringify({ type: 'error', code, message: 'A message for programs.' }));
      client.close(4401, code);
      return;
    }
    this.liveQueries.push(url.search);
    const hello: LiveHello = {
      type: 'hello',
      protocol: 1,
      version: '0.0.0',
      model: 'fake',
      engine: 'cpu',
      run: Math.max(...this.streams.map(({ run }) => run)),
      streams: this.streams.map(toInfo),
      waiting: [],
      ...(this.hasClock && { time: this.time }),
    };
    client.send(JSON.stringify(hello));
    for (const since of (url.searchParams.get('since') ?? '').split(',')) {
      const [name, seq, run] = since.split(':');
      const stream = this.streams.find((known) => known.name === name);
      const missed = (stream?.log ?? []).filter(
        (entry) =>
          entry.run > Number(run ?? 0) || (entry.run === Number(run) && entry.frame.seq > Number(seq)),
      );
      for (const { frame } of missed) client.send(JSON.stringify(frame));
    }
    this.#live.add(client);
    client.on('close', () => this.#live.delete(client));
  }

  #acceptIngest(client: WebSocket, stream: string): void {
    const ingest: Ingest = { stream, hello: undefined, bytes: 0, peak: 0 };
    this.ingests.push(ingest);
    client.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        ingest.bytes += data.length;
        for (let i = 0; i + 1 < data.length; i += 2) {
          ingest.peak = Math.max(ingest.peak, Math.abs(data.readInt16LE(i)));
        }
        return;
      }
      ingest.hello = JSON.parse(data.toString());
      if (this.refuseIngest !== null) {
        client.send(JSON.stringify({ type: 'error', ...this.refuseIngest }));
        client.close(1008, this.refuseIngest.code);
        return;
      }
      client.send('{"type":"ready"}');
      if (!this.streams.some((known) => known.name === stream)) {
        this.streams.push(newStream(stream, 'ws:'));
        this.event({ type: 'stream-started', stream, t: 0, time: this.time, message: 'The stream started.' });
      }
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const route = `${request.method} ${url.pathname}`;
    const answer = this.answers.get(route);
    if (answer !== undefined) {
      const body = await bodyOf(request);
      this.requests.push({ route, query: url.search, body: parsed(body.toString()) });
      if (typeof answer === 'number') response.writeHead(answer).end();
      else if (typeof answer === 'function') {
        const sent = answer(body);
        if (sent instanceof Readable) sent.pipe(response);
        else response.end(sent);
      } else {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(answer));
      }
      return;
    }
    const emotions = /^\/v1\/streams\/([^/]+)\/emotions$/.exec(url.pathname);
    if (emotions !== null) {
      this.emotionQueries.push(url.search);
      const log = this.streams.find((known) => known.name === emotions[1])?.log ?? [];
      const frames = emotionsOf(
        log.map((entry) => entry.frame),
        url.searchParams,
      );
      answerJson(response, { stream: emotions[1], frames });
      return;
    }
    if (/^\/v1\/streams\/[^/]+\/tracks$/.test(url.pathname)) {
      this.trackQueries++;
      answerJson(response, { tracks: this.tracks });
      return;
    }
    if (url.pathname === '/v1/next') {
      answerJson(response, { candidates: this.candidates });
      return;
    }
    if (url.pathname === '/v1/sessions') {
      answerJson(response, { sessions: [], next: null });
      return;
    }
    const path = normalize(url.pathname === '/' ? 'index.html' : url.pathname.slice(1));
    try {
      const body = await readFile(join(this.#dashboard, path));
      response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
      response.setHeader('content-security-policy', CSP);
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }
}

function answerJson(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** JSON; null for other bodies. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function newStream(name: string, source: string): FakeStream {
  return { name, source, state: 'running', message: null, alerts: [], run: 1, seq: 0, log: [] };
}

function toInfo({ name, source, state, message, alerts, run, log }: FakeStream): StreamInfo {
  return {
    stream: name,
    source,
    state,
    run,
    startedAt: new Date(0).toISOString(),
    message,
    alerts,
    last: log.at(-1)?.frame ?? null,
  };
}
