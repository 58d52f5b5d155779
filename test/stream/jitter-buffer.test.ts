import { describe, expect, test } from 'vitest';
import { steady } from '../../src/stream/jitter-buffer.ts';
import type { AudioChunk, SourceItem, SourceNotice } from '../../src/types.ts';
import type { Clock } from '../../src/util/retry.ts';

/** A clock that goes on to the next wait, when nothing else is left to do. */
class Timeline implements Clock {
  #nowMs = 0;
  #waits: { readonly atMs: number; readonly done: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  wait(ms: number): Promise<void> {
    return new Promise((done) => this.#waits.push({ atMs: this.#nowMs + ms, done }));
  }

  async run(until: Promise<unknown>): Promise<void> {
    let running = true;
    void until.finally(() => {
      running = false;
    });
    while (running) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#waits.sort((a, b) => a.atMs - b.atMs).shift();
      if (!next) continue;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.done();
    }
  }
}

const never = new AbortController().signal;
const chunk = (seconds: number): AudioChunk => ({
  type: 'audio',
  samples: new Float32Array(1000 * seconds),
  sampleRateHz: 1000,
  channels: 1,
  arrivedAtMs: 0,
});
const lost: SourceNotice = { type: 'source-lost', message: 'lost' };

/** When the items of a source are released, in seconds, and how much of it had been read then. */
async function released(
  arrivals: readonly (readonly [atSeconds: number, item: SourceItem])[],
  options: { maxSeconds?: number; highSeconds?: number; consumerSeconds?: number } = {},
) {
  const clock = new Timeline();
  let read = 0;
  async function* source() {
    for (const [at, item] of arrivals) {
      const waitMs = 1000 * at - clock.nowMs();
      if (waitMs > 0) await clock.wait(waitMs);
      read++;
      yield item;
    }
  }
  const times: number[] = [];
  const due: number[] = [];
  const reads: number[] = [];
  const consume = async () => {
    for await (const item of steady(source(), { signal: never, clock, ...options })) {
      times.push(clock.nowMs() / 1000);
      reads.push(read);
      if (item.type === 'audio') due.push(item.arrivedAtMs / 1000);
      if (options.consumerSeconds) await clock.wait(1000 * options.consumerSeconds);
    }
  };
  await clock.run(consume());
  return { times, due, reads };
}

const burst = (count: number) => Array.from({ length: count }, () => [0, chunk(0.5)] as const);

describe('live audio', () => {
  test('that arrives evenly is not delayed', async () => {
    const arrivals = Array.from({ length: 10 }, (_, i) => [0.5 * i, chunk(0.5)] as const);
    expect((await released(arrivals)).times).toEqual(arrivals.map(([at]) => at));
  });

  test('that arrives in a burst is released at its pace', async () => {
    const { times } = await released([...burst(6), [2.5, chunk(0.5)]]);
    expect(times).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3]);
  });

  test('goes on through a pause that is shorter than the buffer, and with what comes after a longer one', async () => {
    expect((await released([...burst(6), [2.8, lost], [2.9, chunk(0.5)], [9, chunk(0.5)]])).times).toEqual([
      0, 0.5, 1, 1.5, 2, 2.5, 2.8, 3, 9,
    ]);
  });

  test('of a slow server sets the pace itself', async () => {
    const arrivals = Array.from({ length: 10 }, (_, i) => [0.6 * i, chunk(0.5)] as const);
    const { times } = await released(arrivals);
    for (const [i, time] of times.entries()) expect(time).toBeCloseTo(0.6 * i, 6);
  });

  test('of a server with a faster clock stays bounded', async () => {
    const arrivals = Array.from({ length: 4_000 }, (_, i) => [0.49 * i, chunk(0.5)] as const);
    const { times } = await released(arrivals, { highSeconds: 3 });
    expect(times.at(-1)! - 0.49 * 3_999).toBeLessThan(4.1);
    expect(times.at(-1)! - 0.49 * 3_999).toBeGreaterThan(2.5);
  });

  test('is not read further than the buffer is long', async () => {
    const { reads } = await released(burst(100), { maxSeconds: 5, highSeconds: 60 });
    for (const [i, read] of reads.entries()) expect(read - i).toBeLessThanOrEqual(11);
  });

  test('whose consumer is late shows that as latency, and catches up', async () => {
    const arrivals = Array.from({ length: 6 }, (_, i) => [0.5 * i, chunk(0.5)] as const);
    const { times, due } = await released(arrivals, { consumerSeconds: 0.8 });
    expect(due).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
    expect(times.at(-1)).toBeCloseTo(4, 6);
  });

  test('ends with the error of its source, after what arrived before it', async () => {
    const clock = new Timeline();
    async function* source() {
      yield chunk(0.5);
      yield chunk(0.5);
      throw new Error('broken');
    }
    let count = 0;
    const consume = (async () => {
      for await (const _ of steady(source(), { signal: never, clock })) count++;
    })();
    consume.catch(() => {});
    await clock.run(consume.catch(() => {}));
    await expect(consume).rejects.toThrow('broken');
    expect(count).toBe(2);
  });

  test('ends at once when it is aborted', async () => {
    const abort = new AbortController();
    const clock = {
      nowMs: () => 0,
      wait: () => new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve())),
    };
    async function* source() {
      yield chunk(0.5);
      yield chunk(0.5);
      await new Promise(() => {});
    }
    const items = steady(source(), { signal: abort.signal, clock });
    await items.next();
    const second = items.next();
    abort.abort();
    expect((await second).done).toBe(true);
  });
});
