import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { Random } from '../../lab/train/random.ts';
import { createClient } from '../../src/client/index.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { STEP_SECONDS } from '../../src/types.ts';
import type { StreamIncident } from './verdict.ts';

/** What a well-behaved live client saw. Its library reconnects by itself, and requests what it missed. */
export class Observer {
  frames = 0;
  /** Longest time without a frame, in seconds, by stream. */
  readonly absences = new Map<string, number>();
  readonly incidents: StreamIncident[] = [];
  readonly holes: string[] = [];
  readonly events: Record<string, number> = {};
  readonly #next = new Map<string, number>();
  readonly #kept = new Map<string, EmotionFrame[]>();
  readonly #stopped = new Set<string>();
  readonly #lastMs = new Map<string, number>();

  get streamHours(): number {
    return (this.frames * STEP_SECONDS) / 3600;
  }

  /** Keeps the frames of a stream from now on. */
  keep(stream: string): void {
    this.#kept.set(stream, []);
    this.#stopped.delete(stream);
  }

  /** Whether the stream has stopped since `keep`. */
  stopped(stream: string): boolean {
    return this.#stopped.has(stream);
  }

  /** The frames kept so far; from now on none are. */
  take(stream: string): EmotionFrame[] {
    const frames = this.#kept.get(stream) ?? [];
    this.#kept.delete(stream);
    return frames;
  }

  kept(stream: string): number {
    return this.#kept.get(stream)?.length ?? 0;
  }

  async watch(url: string, signal: AbortSignal): Promise<void> {
    for await (const message of createClient({ url }).live({ signal })) {
      if (message.type === 'emotion') this.#frame(message);
      else this.#event(message as StreamIncident);
    }
  }

  #frame(frame: EmotionFrame): void {
    this.frames++;
    const expected = this.#next.get(frame.stream);
    // A new run starts with 0 again.
    if (expected !== undefined && frame.seq !== expected && frame.seq !== 0)
      this.holes.push(`${frame.stream}: frame ${frame.seq} after ${expected - 1}`);
    this.#next.set(frame.stream, frame.seq + 1);
    const now = performance.now();
    const absent = (now - (this.#lastMs.get(frame.stream) ?? now)) / 1000;
    if (absent > (this.absences.get(frame.stream) ?? 0)) this.absences.set(frame.stream, absent);
    this.#lastMs.set(frame.stream, now);
    this.#kept.get(frame.stream)?.push(frame);
  }

  #event(event: StreamIncident): void {
    this.events[event.type] = (this.events[event.type] ?? 0) + 1;
    if (event.type === 'stream-stopped') this.#stopped.add(event.stream);
    if (event.type === 'gap' || event.type === 'stream-stopped') this.incidents.push(event);
  }
}

/** A client that hardly reads, and one that leaves without a word and comes back with `?since=`. */
export async function watchBadly(url: string, random: Random, signal: AbortSignal): Promise<void> {
  const live = `${url.replace('http', 'ws')}/v1/live`;
  let since = 0;
  while (!signal.aborted) {
    const slow = random.chance(0.5);
    const socket = new WebSocket(slow ? live : `${live}?streams=pcm-0&since=${since}`);
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const { type, seq } = JSON.parse(String(data)) as { type: string; seq?: number };
      if (type === 'emotion') since = seq ?? since;
      if (slow) {
        socket.pause();
        setTimeout(() => socket.resume(), 500);
      }
    });
    await Promise.race([
      once(socket, 'close'),
      sleep(5000 + 20_000 * random.next(), undefined, { signal }),
    ]).catch(() => {});
    socket.terminate();
    await sleep(200);
  }
}

/** Sessions that start, get markers and stop; reports, history, exports and metrics that are read. */
export async function useApi(
  url: string,
  random: Random,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  const call = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${url}${path}`, init);
    const key = `${init?.method ?? 'GET'} ${path.split('?')[0]!.replace(/\/(pcm|radio|air)-\d+|\/[a-z]+-[a-z]+-\d+/, '/…')} ${response.status}`;
    answers[key] = (answers[key] ?? 0) + 1;
    return response;
  };
  const post = (path: string, body: object) =>
    call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  while (!signal.aborted) {
    const stream = `pcm-${random.below(8)}`;
    try {
      const started = (await (await post('/v1/sessions', { stream })).json()) as { id?: string };
      for (let i = 0; i < 3; i++) {
        await sleep(1500, undefined, { signal });
        await (await call(`/v1/streams/${stream}/emotions?resolution=10s`)).arrayBuffer();
        await (await call(`/v1/streams/${stream}/emotions?format=csv&limit=5000`)).arrayBuffer();
        if (started.id) await post(`/v1/sessions/${started.id}/markers`, { note: `Marker ${i}` });
      }
      if (started.id) {
        await call(`/v1/sessions/${started.id}/stop`, { method: 'POST' });
        await (await call(`/v1/sessions/${started.id}/report`)).arrayBuffer();
        await call(`/v1/sessions/${started.id}`, { method: 'DELETE' });
      }
      await (await call('/metrics')).arrayBuffer();
    } catch {
      if (!signal.aborted) answers.failed = (answers.failed ?? 0) + 1;
    }
  }
  return answers;
}
