import { existsSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { lastValueFrom, toArray } from 'rxjs';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Random } from '../../../lab/train/random.ts';
import { loadActivityDetector } from '../../../src/model/activity/activity-detector.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { loadModel } from '../../../src/model/load.ts';
import { createStepper, type Stepper } from '../../../src/model/stepper.ts';
import { ShardPool } from '../../../src/server/shards/shard-pool.ts';
import { sourceOf } from '../../../src/server/shards/source-spec.ts';
import { ChunkQueue } from '../../../src/stream/chunk-queue.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { type TrackerState, track } from '../../../src/tracker.ts';
import type { EmotionFrame, Source, StreamMessage } from '../../../src/types.ts';
import { builtModule } from '../../../src/util/package.ts';
import { readLena, sine } from '../../support/audio.ts';
import { expectSameFrames, framesOf } from '../../support/frames.ts';
import { chunkedSource } from '../../support/sources.ts';
import { until } from '../support.ts';

/** The threads run the built program. */
const isBuilt = existsSync(builtModule('src/server/shards/shard-worker.ts'));
if (!isBuilt) console.warn('Skipped the tests of shards: run npm run build first.');

const MODEL = 'undertone-lite';
const FORMAT = { sampleRateHz: 44_100, channels: 1 };
const voice = readLena();

function startPool(workers = 2) {
  const errors: unknown[] = [];
  const pool = new ShardPool({ workers, engine: 'wasm', onInternalError: (_, error) => errors.push(error) });
  onTestFinished(() => pool.close());
  return { pool, errors };
}

/** A recording: no audio of it is skipped, however slow the machine is. */
const onShard = (pool: ShardPool, source: Source, stream: string, more: object = {}) =>
  pool.track(source.uri === 'test:' ? { ...source, uri: 'file:test' } : source, {
    stream,
    model: MODEL,
    scale: () => undefined,
    ...more,
  });

const collect = (messages$: ReturnType<typeof onShard>['messages$']): Promise<StreamMessage[]> =>
  lastValueFrom(messages$.pipe(toArray()));

const frames = (messages: readonly StreamMessage[]): EmotionFrame[] =>
  messages.filter((message) => message.type === 'emotion');

describe.skipIf(!isBuilt)('shards', () => {
  let alone: (samples: Float32Array, state?: TrackerState) => Promise<EmotionFrame[]>;

  beforeAll(async () => {
    const [engine, fft, detector] = await Promise.all([
      loadEngine('wasm'),
      loadFft(),
      loadActivityDetector(),
    ]);
    const stepper: Stepper = createStepper(await loadModel(MODEL, engine));
    alone = (samples, state) =>
      framesOf(track(chunkedSource(samples, FORMAT), { stream: 'a', stepper, fft, detector, state }));
  });

  test('streams that come and go in batches on several threads give the frames that each gives alone', async () => {
    const { pool, errors } = startPool();
    const random = new Random(3);
    const length = 4 * FORMAT.sampleRateHz;
    const pieces = Array.from({ length: 40 }, () => {
      const from = Math.floor(random.next() * (voice.length - length));
      return voice.subarray(from, from + length - Math.floor(random.next() * length * 0.6));
    });
    // A few run at a time, so that others join and leave while a stream runs.
    const waiting = [...pieces.entries()];
    const results: StreamMessage[][] = [];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [i, samples] = next;
        const longest = 1_000 + Math.floor(random.next() * 20_000);
        results[i] = await collect(
          onShard(pool, chunkedSource(samples, FORMAT, longest, i), `s${i}`).messages$,
        );
      }
    };
    await Promise.all(Array.from({ length: 20 }, work));
    expect(pool.shards).toHaveLength(2);
    for (const [i, messages] of results.entries()) {
      expect(messages[0]).toMatchObject({ type: 'stream-started', stream: `s${i}` });
      expect(messages.at(-1)).toMatchObject({ type: 'stream-stopped', message: 'The source ended.' });
      expectSameFrames(frames(messages), await alone(pieces[i]!));
    }
    expect(errors).toEqual([]);
  });

  test('a stream that moves between threads gives the frames that it gives alone, without a gap', async () => {
    const { pool, errors } = startPool();
    // Enough streams that there is a second thread.
    for (let i = 0; i < 9; i++) {
      const idle: Source = { uri: 'test:', open: (signal) => new ChunkQueue({ signal }) };
      const subscription = onShard(pool, idle, `idle-${i}`).messages$.subscribe();
      onTestFinished(() => subscription.unsubscribe());
    }
    expect(pool.shards).toHaveLength(2);
    const threads = new Set<number>();
    let moves = 0;
    const moving: Source = {
      uri: 'test:',
      async *open(signal) {
        let chunk = 0;
        for await (const item of chunkedSource(voice, FORMAT, 2_205).open(signal)) {
          yield item;
          threads.add(pool.shardOf('a')!.threadId);
          if (++chunk % 20 > 0) continue;
          moves++;
          void pool.move('a', pool.shards.find((shard) => shard !== pool.shardOf('a'))!);
        }
      },
    };
    const messages = await collect(onShard(pool, moving, 'a').messages$);
    expect(moves).toBeGreaterThan(5);
    expect(threads.size).toBe(2);
    expect(messages.map(({ type }) => type).filter((type) => type !== 'emotion')).toEqual([
      'stream-started',
      'stream-stopped',
    ]);
    expectSameFrames(frames(messages), await alone(voice));
    expect(errors).toEqual([]);
  });

  test('mel frames leave the thread while they are tapped, before the frame of their step, also after its end', async () => {
    const { pool } = startPool(1);
    let queue: ChunkQueue | undefined;
    const live: Source = {
      uri: 'test:',
      open: (signal) => {
        queue = new ChunkQueue({ signal });
        return queue;
      },
    };
    const stream = onShard(pool, live, 'a');
    const order: string[] = [];
    const subscription = stream.messages$.subscribe(({ type }) => order.push(type));
    onTestFinished(() => subscription.unsubscribe());
    const second = (at: number) =>
      queue!.push({
        type: 'audio',
        ...FORMAT,
        samples: voice.slice(at * FORMAT.sampleRateHz, (at + 1) * FORMAT.sampleRateHz),
        arrivedAtMs: performance.now(),
      });
    const count = (type: string) => order.filter((one) => one === type).length;

    second(0);
    await until(() => count('emotion') === 2);
    expect(count('mel')).toBe(0);
    let sum = 0;
    stream.tapMel((columns) => {
      order.push('mel');
      for (const value of columns) sum += value;
      expect(columns).toHaveLength(5 * 96);
    });
    second(1);
    await until(() => count('emotion') === 4);
    expect(order.slice(-4)).toEqual(['mel', 'emotion', 'mel', 'emotion']);
    expect(sum).toBeGreaterThan(0);

    const ended = pool.shardOf('a')!;
    await ended.kill();
    await until(() => pool.shardOf('a') !== undefined && pool.shardOf('a') !== ended);
    second(2);
    await until(() => count('mel') === 4);
    stream.tapMel(undefined);
    second(3);
    await until(() => count('emotion') === 8);
    expect(count('mel')).toBe(4);
  });

  test('a state that is saved on one thread goes on in another', async () => {
    const { pool } = startPool(1);
    const half = 5 * FORMAT.sampleRateHz + 123;
    let queue: ChunkQueue | undefined;
    const live: Source = {
      uri: 'test:',
      open: (signal) => {
        queue = new ChunkQueue({ signal });
        return queue;
      },
    };
    const first = onShard(pool, live, 'a');
    const before: StreamMessage[] = [];
    const subscription = first.messages$.subscribe((message) => before.push(message));
    queue!.push({ type: 'audio', ...FORMAT, samples: voice.slice(0, half), arrivedAtMs: performance.now() });
    await until(() => frames(before).length === 10, 'the frames');
    const state = deserialize(serialize(await first.save())) as TrackerState;
    subscription.unsubscribe();
    const { pool: other } = startPool(1);
    const after = await collect(
      onShard(other, chunkedSource(voice.subarray(half), FORMAT), 'a', { state }).messages$,
    );
    expectSameFrames([...frames(before), ...frames(after)], await alone(voice));
  });

  test('a thread that ends costs its streams a gap, and no other stream anything', async () => {
    const { pool, errors } = startPool();
    const seconds = new Map<string, number>();
    const queues = new Map<string, ChunkQueue>();
    const received = new Map<string, StreamMessage[]>();
    const names = Array.from({ length: 16 }, (_, i) => `s${i}`);
    for (const name of names) {
      const source: Source = {
        uri: 'test:',
        open: (signal) => {
          const queue = new ChunkQueue({ signal });
          queues.set(name, queue);
          return queue;
        },
      };
      const messages: StreamMessage[] = [];
      received.set(name, messages);
      const subscription = onShard(pool, source, name).messages$.subscribe((message) =>
        messages.push(message),
      );
      onTestFinished(() => subscription.unsubscribe());
    }
    const push = (name: string) => {
      const at = seconds.get(name) ?? 0;
      seconds.set(name, at + 1);
      const samples = voice.slice(at * FORMAT.sampleRateHz, (at + 1) * FORMAT.sampleRateHz);
      queues.get(name)!.push({ type: 'audio', ...FORMAT, samples, arrivedAtMs: performance.now() });
    };
    const framesOfAll = (count: number) =>
      names.every((name) => frames(received.get(name)!).length === count);
    for (let i = 0; i < 4; i++) names.forEach(push);
    await until(() => framesOfAll(8), 'the first frames');
    const [killed, spared] = pool.shards;
    const isHit = new Map(names.map((name) => [name, pool.shardOf(name) === killed]));
    expect([...isHit.values()].filter(Boolean)).toHaveLength(8);
    await killed!.kill();
    await until(
      () => names.every((name) => pool.shardOf(name) !== undefined && pool.shardOf(name) !== killed),
      'others',
    );
    for (let i = 0; i < 4; i++) names.forEach(push);
    await until(() => framesOfAll(16), 'the frames after it');

    const undisturbed = await alone(voice.subarray(0, 8 * FORMAT.sampleRateHz));
    for (const name of names) {
      const messages = received.get(name)!;
      expect(frames(messages).map(({ seq }) => seq)).toEqual(Array.from({ length: 16 }, (_, i) => i));
      const gaps = messages.filter(({ type }) => type === 'gap');
      if (isHit.get(name)) {
        expect(gaps).toMatchObject([{ reason: 'restart', t: 4, stream: name }]);
        expect(messages.filter(({ type }) => type === 'stream-started')).toHaveLength(1);
      } else {
        expect(gaps).toEqual([]);
        expect(pool.shardOf(name)).toBe(spared);
        expectSameFrames(frames(messages), undisturbed);
      }
    }
    expect(errors).toHaveLength(1);
  });

  test('a stream ends on request, with what a thread opened itself and with what is sent to it', async () => {
    const { pool } = startPool(1);
    const stop = new AbortController();
    const demo = sourceOf({ uri: 'demo:', playlists: false, persistent: true });
    expect(demo.spec).toBeDefined();
    const started = new Set<string>();
    const run = (source: Source, stream: string) => {
      const { messages$ } = onShard(pool, source, stream, { stop: stop.signal });
      messages$.subscribe(() => {});
      return lastValueFrom(messages$.pipe(toArray()));
    };
    const silent: Source = {
      uri: 'test:',
      open: (signal) => {
        started.add('silent');
        return new ChunkQueue({ signal });
      },
    };
    const runs = [run(demo, 'demo'), run(silent, 'silent')];
    stop.abort();
    for (const messages of await Promise.all(runs))
      expect(messages.at(-1)).toMatchObject({ type: 'stream-stopped', message: 'The source ended.' });
  });

  test('errors of a source and of a model arrive with their codes', async () => {
    const { pool } = startPool(1);
    await expect(pool.load('no-such-model')).rejects.toMatchObject({ code: 'unknown-model' });
    await expect(pool.load('/etc', true)).rejects.toMatchObject({ code: 'unknown-model' });
    const missing = sourceOf({ uri: 'file:/no/such/file.ogg', playlists: false, persistent: false });
    expect((await collect(onShard(pool, missing, 'a').messages$)).at(-1)).toMatchObject({ code: 'no-file' });
    const odd = chunkedSource(sine(220, 1, 4_000), { sampleRateHz: 4_000, channels: 1 });
    expect((await collect(onShard(pool, odd, 'b').messages$)).at(-1)).toMatchObject({ code: 'bad-format' });
  });
});
