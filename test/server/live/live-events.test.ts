import { describe, expect, onTestFinished, test } from 'vitest';
import { manualSource, sleep, startServer, tempFolder, until } from '../support.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests read messages of any shape
type Json = any;

/** A client of server-sent events. */
class Events {
  readonly events: { type: string; id: string; data: Json }[] = [];
  status = 0;
  lastId = '';
  ended = false;
  readonly #abort = new AbortController();
  #paused = false;

  constructor(server: { url: string }, query = '', headers: Record<string, string> = {}) {
    void this.#read(`${server.url}v1/live/events${query}`, headers);
    onTestFinished(() => this.close());
  }

  close(): void {
    this.#abort.abort();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  of(type: string): Json[] {
    return this.events.filter((event) => event.type === type).map(({ data }) => data);
  }

  get seqs(): string[] {
    return this.of('emotion').map(({ stream, seq }) => `${stream}${seq}`);
  }

  async received(type: string, count = 1): Promise<void> {
    await until(() => this.of(type).length >= count, `${count} × ${type}, have ${this.of(type).length}`);
  }

  async #read(url: string, headers: Record<string, string>): Promise<void> {
    try {
      const response = await fetch(url, { headers, signal: this.#abort.signal });
      this.status = response.status;
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        while (this.#paused) await sleep(10);
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          this.#take(text.slice(0, end));
          text = text.slice(end + 2);
        }
      }
    } catch {
      // Aborted, or closed by the server.
    }
    this.ended = true;
  }

  #take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    this.lastId = field('id') ?? this.lastId;
    const data = field('data');
    if (data !== undefined)
      this.events.push({ type: field('event') ?? '', id: this.lastId, data: JSON.parse(data) });
  }
}

describe('/v1/live/events', () => {
  test('sends the hello, then every frame and event, each named by its type', async () => {
    const a = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    const events = new Events(server, '?streams=a&streams=b');
    await events.received('hello');
    expect(events.of('hello')[0]).toMatchObject({
      protocol: 1,
      streams: [{ stream: 'a' }],
      waiting: ['b'],
    });
    await a.steps(3);
    await a.notice('The cable is out.');
    await events.received('source-lost');
    expect(events.seqs).toEqual(['a0', 'a1', 'a2']);
    expect(events.of('emotion')[0]).toMatchObject({ type: 'emotion', valence: expect.any(Number) });
  });

  test('HEAD is answered without a body, and leaves no client behind', async () => {
    const server = await startServer();
    const answer = await fetch(`${server.url}v1/live/events`, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const metrics = await (await fetch(`${server.url}metrics`)).text();
    expect(metrics).toContain('undertone_live_clients 0\n');
    expect(metrics).toContain('undertone_sockets 0\n');
  });

  test('Last-Event-ID resumes every stream, also those that started meanwhile, without gaps or duplicates', async () => {
    const [a, b, c] = [manualSource(), manualSource(), manualSource()];
    const server = await startServer({
      sources: [
        { name: 'a', source: a.source },
        { name: 'b', source: b.source },
      ],
    });
    await a.steps(2);
    const first = new Events(server);
    await first.received('hello');
    await a.steps(3);
    await b.steps(2);
    await first.received('emotion', 5);
    const seen = first.seqs;
    expect(seen).toEqual(['a2', 'a3', 'a4', 'b0', 'b1']);
    first.close();
    await until(() => first.ended);

    await a.steps(2);
    await b.end();
    await until(() => server.hub.get('b')?.state === 'stopped');
    const again = manualSource();
    server.hub.add('b', again.source);
    await again.steps(2);
    server.hub.add('c', c.source);
    await c.steps(2);
    const second = new Events(server, '?since=a:0', { 'last-event-id': first.lastId });
    await second.received('emotion', 6);
    await a.steps(1);
    await second.received('emotion', 7);
    expect(second.seqs.toSorted()).toEqual(['a5', 'a6', 'a7', 'b0', 'b1', 'c0', 'c1']);
  });

  test('resumes after a restart of the server', async () => {
    const dataDir = tempFolder();
    const [before, after] = [manualSource(), manualSource()];
    const one = await startServer({ dataDir, sources: [{ name: 'a', source: before.source }] });
    const first = new Events(one);
    await first.received('hello');
    await before.steps(3);
    await first.received('emotion', 3);
    first.close();
    await before.steps(2);
    await one.close();
    const two = await startServer({ dataDir, sources: [{ name: 'a', source: after.source }] });
    await after.steps(2);
    const second = new Events(two, '', { 'last-event-id': first.lastId });
    await second.received('emotion', 4);
    expect(second.seqs).toEqual(['a3', 'a4', 'a0', 'a1']);
  });

  test('an id of another server is ignored, a wrong query is rejected', async () => {
    const server = await startServer({ sources: [{ name: 'a', source: manualSource().source }] });
    const odd = new Events(server, '', { 'last-event-id': 'unknown id' });
    await odd.received('hello');
    const wrong = await fetch(`${server.url}v1/live/events?since=yesterday`);
    expect({ status: wrong.status, body: await wrong.json() }).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'since.0' }] },
    });
  });

  test('a slow client is disconnected and does not affect others', async () => {
    const a = manualSource();
    const limits = { clientBufferBytes: 20_000, slowClientMs: 300 };
    const server = await startServer({ limits, sources: [{ name: 'a', source: a.source }] });
    const [slow, good] = [new Events(server), new Events(server)];
    await slow.received('hello');
    await good.received('hello');
    slow.pause();
    for (let i = 0; i < 16; i++) {
      await a.steps(500);
      await sleep(5);
    }
    await sleep(1_500);
    slow.resume();
    await until(() => slow.ended, 'the end of the slow client');
    expect(slow.of('emotion').length).toBeLessThan(8_000);
    await until(() => good.seqs.at(-1) === 'a7999', 'the newest frame');
  });

  test('counts as a socket until it is closed', async () => {
    const server = await startServer({ limits: { sockets: 2 } });
    const [one, two] = [new Events(server), new Events(server)];
    await one.received('hello');
    await two.received('hello');
    expect((await fetch(`${server.url}v1/live/events`)).status).toBe(503);
    one.close();
    let third = new Events(server);
    await until(() => {
      if (third.status === 503) third = new Events(server);
      return third.of('hello').length === 1;
    }, 'a free connection');
  });

  test('ends when the server shuts down', async () => {
    const server = await startServer();
    const events = new Events(server);
    await events.received('hello');
    await server.close();
    await until(() => events.ended, 'the end');
  });
});
