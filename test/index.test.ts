import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { expect, onTestFinished, test } from 'vitest';
import {
  analyzeFile,
  createTracker,
  type EmotionFrame,
  type EmotionTrackerOptions,
  type PcmChunk,
  type Source,
  type StreamMessage,
  type TrackerState,
} from '../src/index.ts';
import { openRecording } from '../src/stream/sources/index.ts';
import { cut, lenaFile } from './support/audio.ts';
import { collect as collectAudio } from './support/collect.ts';
import { expectSameFrames } from './support/frames.ts';
import { chunkedSource } from './support/sources.ts';

const MONO = { sampleRateHz: 44_100, channels: 1 };
const FILE = lenaFile('wav');
const { samples: voice } = await collectAudio(openRecording(FILE).source.open(new AbortController().signal));
const whole = await collect(analyzeFile(FILE, { model: 'undertone-lite', engine: 'wasm' }));

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function framesOf(messages: AsyncIterable<StreamMessage>): Promise<EmotionFrame[]> {
  return (await collect(messages)).filter((message) => message.type === 'emotion');
}

/** With the faster model; closed after the test. */
async function open(options: EmotionTrackerOptions = {}) {
  const tracker = await createTracker({ model: 'undertone-lite', engine: 'wasm', ...options });
  onTestFinished(() => tracker.close());
  return tracker;
}

/** Endless PCM that counts its pieces and records whether it was closed. */
function endless() {
  const pcm = {
    pulled: 0,
    closed: false,
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          pcm.pulled++;
          yield voice.subarray(0, 22_050);
        }
      } finally {
        await new Promise((resolve) => setTimeout(resolve, 1));
        pcm.closed = true;
      }
    },
  };
  return pcm;
}

test('analyzes a file: a frame for each half second, named after the file', async () => {
  expect(whole.length).toBe(24);
  for (const [k, frame] of whole.entries())
    expect(frame).toMatchObject({ type: 'emotion', stream: 'lena', seq: k, t: 0.5 * (k + 1) });
  const url = pathToFileURL(FILE);
  const named = { model: 'undertone-lite', stream: 'booth' };
  const [first] = await collect(analyzeFile(url, named));
  expect(first?.stream).toBe('booth');
});

test.runIf(existsSync('dist/cli.js'))('gives the frames that `undertone track` writes', async () => {
  const args = ['dist/cli.js', 'track', FILE, '--model', 'undertone-lite', '--engine', 'wasm'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const written = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(written.map(({ stream }) => stream)).toEqual(whole.map(({ stream }) => stream));
  expectSameFrames(whole, written);
});

test('tracks a path, a source and PCM of any cut to the same frames', async () => {
  const tracker = await open();
  const again = async (messages: AsyncIterable<StreamMessage>) => {
    expectSameFrames(await framesOf(messages), whole);
    tracker.reset();
  };
  await again(tracker.track(FILE));
  await again(tracker.track(pathToFileURL(FILE)));
  await again(tracker.track(chunkedSource(voice, MONO, 30_000)));
  await again(tracker.track(voice, MONO));
  await again(tracker.track(cut(voice, 1, 9_001, 4), MONO));
  const wav = await readFile(FILE);
  const bytes = wav.subarray(wav.indexOf('data') + 8);
  await again(tracker.track(Readable.from(pieces(bytes, 7_777)), { ...MONO, format: 's16le' }));
});

function* pieces<T extends PcmChunk>(samples: T, length: number): Generator<T> {
  for (let at = 0; at < samples.length; at += length) yield samples.subarray(at, at + length) as T;
}

test('joins frames that are cut between their channels, and accepts reused buffers', async () => {
  const stereo = Float32Array.from({ length: 2 * 44_100 }, (_, i) => voice[30_000 + (i >> 1)]!);
  const tracker = await open();
  const expected = await framesOf(tracker.track(stereo, { sampleRateHz: 44_100, channels: 2 }));
  tracker.reset();
  function* reused() {
    const buffer = new Float32Array(4_411);
    for (const piece of pieces(stereo, 4_411)) {
      buffer.fill(Number.NaN);
      buffer.set(piece);
      yield buffer.subarray(0, piece.length);
    }
  }
  expectSameFrames(await framesOf(tracker.track(reused(), { sampleRateHz: 44_100, channels: 2 })), expected);
});

test('emits an event at the start and end of every input, and keeps its state between inputs', async () => {
  const tracker = await open({ stream: 'booth' });
  expect(tracker).toMatchObject({ stream: 'booth', model: 'undertone-lite', engine: 'wasm' });
  const half = 5 * 44_100 + 321;
  const first = await collect(tracker.track(voice.subarray(0, half), MONO));
  expect(first[0]).toMatchObject({ type: 'stream-started', stream: 'booth', t: 0 });
  expect(first.at(-1)).toMatchObject({ type: 'stream-stopped', t: expect.closeTo(half / 44_100, 5) });
  const second = await collect(tracker.track(voice.subarray(half), MONO));
  const frames = [...first, ...second].filter((message) => message.type === 'emotion');
  expectSameFrames(frames, whole);
});

test('continues from a saved state in another tracker', async () => {
  const half = 5 * 44_100 + 321;
  const one = await open();
  const before = await framesOf(one.track(voice.subarray(0, half), MONO));
  const state: TrackerState = deserialize(serialize(await one.save()));
  const other = await open({ state });
  const after = await framesOf(other.track(voice.subarray(half), MONO));
  expectSameFrames([...before, ...after], whole);
});

test('saves during an input the state after the last frame that was pulled', async () => {
  const one = await open();
  const before: EmotionFrame[] = [];
  for await (const message of one.track(pieces(voice, 22_050), MONO)) {
    if (message.type === 'emotion' && before.push(message) === 9) break;
  }
  const other = await open({ state: structuredClone(await one.save()) });
  const after = await framesOf(other.track(voice.subarray(9 * 22_050), MONO));
  expectSameFrames([...before, ...after], whole);
});

test('reads no further ahead than one chunk', async () => {
  const tracker = await open();
  const pcm = endless();
  for await (const message of tracker.track(pcm, MONO)) {
    if (message.type !== 'emotion') continue;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(pcm.pulled).toBeLessThanOrEqual(message.seq + 2);
    if (message.seq === 5) break;
  }
});

test('closes its input when the loop is left', async () => {
  const tracker = await open();
  const pcm = endless();
  for await (const message of tracker.track(pcm, MONO)) if (message.type === 'emotion') break;
  expect(pcm.closed).toBe(true);
  for await (const message of tracker.track(FILE)) if (message.type === 'emotion') break;
});

test('shares one inference among subscribers, and closes its input when the last unsubscribes', async () => {
  const tracker = await open();
  const messages$ = tracker.observe(voice, MONO);
  const [a, b] = await Promise.all([1, 2].map(() => lastValueFrom(messages$.pipe(toArray()))));
  expect(a?.length).toBe(26);
  for (const [i, message] of a!.entries()) expect(b![i]).toBe(message);
  expectSameFrames(
    a!.filter((message) => message.type === 'emotion'),
    whole,
  );

  const pcm = endless();
  await firstValueFrom(tracker.observe(pcm, MONO).pipe(take(5), toArray()));
  await expect.poll(() => pcm.closed, { timeout: 60_000 }).toBe(true);
});

test('is a transform stream', async () => {
  const tracker = await open();
  const messages = ReadableStream.from<PcmChunk>(pieces(voice, 10_007)).pipeThrough(tracker.transform(MONO));
  expectSameFrames(await framesOf(messages), whole);
});

test('as a transform stream, makes a writer wait for its reader', async () => {
  const tracker = await open();
  const { readable, writable } = tracker.transform(MONO);
  const writer = writable.getWriter();
  let written = 0;
  const write = async () => {
    for (const piece of pieces(voice, 22_050)) {
      await writer.write(piece);
      written++;
    }
    await writer.close();
  };
  const writing = write();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(written).toBe(0);
  const reader = readable.getReader();
  for (let k = 0; k < 4; k++) await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(written).toBeLessThanOrEqual(5);
  await reader.cancel(new Error('enough'));
  await expect(writing).rejects.toThrow('enough');
  // The tracker accepts the next input.
  tracker.reset();
  expectSameFrames(await framesOf(tracker.track(FILE)), whole);
});

test('as a transform stream, passes the errors of either side on', async () => {
  const tracker = await open();
  const broken = new ReadableStream<PcmChunk>({
    start(controller) {
      controller.error(new Error('the cable is out'));
    },
  });
  await expect(collect(broken.pipeThrough(tracker.transform(MONO)))).rejects.toThrow('the cable is out');

  const { readable, writable } = tracker.transform(MONO);
  const reading = collect(readable);
  const writer = writable.getWriter();
  const writing = writer.write(Buffer.from('bytes'));
  await expect(reading).rejects.toMatchObject({ code: 'bad-input' });
  await writing.catch(() => {});
  await expect(writer.closed).rejects.toMatchObject({ code: 'bad-input' });
});

test('two trackers share a model and nothing else', async () => {
  const [a, b] = await Promise.all([open({ stream: 'a' }), open({ stream: 'b' })]);
  const shifted = voice.subarray(10_000);
  const alone = await framesOf(b.track(shifted, MONO));
  b.reset();
  const [of, other] = await Promise.all([framesOf(a.track(voice, MONO)), framesOf(b.track(shifted, MONO))]);
  expectSameFrames(of!, whole);
  expectSameFrames(other!, alone);
  // Closing one leaves the weights to the other.
  await a.close();
  b.reset();
  expectSameFrames(await framesOf(b.track(FILE)), whole);
});

test('a process has one engine while a model is loaded', async () => {
  const tracker = await open();
  await expect(createTracker({ model: 'undertone-lite', engine: 'cpu' })).rejects.toMatchObject({
    code: 'engine-in-use',
  });
  const auto = await open({ engine: 'auto' });
  expect(auto.engine).toBe('wasm');
  await Promise.all([tracker.close(), auto.close()]);
  const cpu = await open({ engine: 'cpu' });
  expect(cpu.engine).toBe('cpu');
});

test('accepts one input at a time', async () => {
  const tracker = await open();
  const pcm = endless();
  for await (const message of tracker.track(pcm, MONO)) {
    await expect(tracker.track(FILE).next()).rejects.toMatchObject({ code: 'tracker-busy' });
    if (message.type === 'emotion') break;
  }
  await framesOf(tracker.track(FILE));
});

test('ends when it is closed, even while its input is silent, and cannot be used again', async () => {
  const tracker = await open();
  const mute: Source = {
    uri: 'mute:',
    async *open() {
      await new Promise(() => {});
    },
  };
  const reading = collect(tracker.track(mute));
  await new Promise((resolve) => setTimeout(resolve, 10));
  await tracker.close();
  expect((await reading).map(({ type }) => type)).toEqual(['stream-started']);
  await tracker.close();
  await expect(tracker.track(FILE).next()).rejects.toMatchObject({ code: 'tracker-closed' });
});

test('passes the errors of its input on, after the event that reports them', async () => {
  const tracker = await open();
  const seen: StreamMessage[] = [];
  const reading = async (messages: AsyncIterable<StreamMessage>) => {
    for await (const message of messages) seen.push(message);
  };
  const cause = new Error('the cable is out');
  async function* broken() {
    yield voice.subarray(0, 30_000);
    throw cause;
  }
  await expect(reading(tracker.track(broken(), MONO))).rejects.toBe(cause);
  expect(seen.map(({ type }) => type)).toEqual(['stream-started', 'emotion', 'stream-stopped']);
  expect(seen.at(-1)).toMatchObject({ code: 'input-failed', message: 'The input failed: the cable is out' });

  await expect(reading(tracker.track('no-such-file.ogg'))).rejects.toMatchObject({ code: 'no-file' });
  await expect(lastValueFrom(tracker.observe('no-such-file.ogg'))).rejects.toMatchObject({ code: 'no-file' });
  await expect(collect(analyzeFile('no-such-file.ogg', { model: 'undertone-lite' }))).rejects.toMatchObject({
    code: 'no-file',
  });
  const bytes = tracker.track([new Uint8Array(5)], { ...MONO, format: 's16le' });
  await expect(reading(bytes)).rejects.toMatchObject({ code: 'truncated-audio' });
});

test('rejects wrong options at once', async () => {
  // biome-ignore lint/suspicious/noExplicitAny: what untyped callers may write
  const untyped = createTracker as any;
  const wrong: readonly [object, string, RegExp?][] = [
    [
      { sampleRate: 48_000 },
      'bad-option',
      /no option "sampleRate": expected stream, model, engine, scale, state/,
    ],
    [{ model: 'none' }, 'unknown-model'],
    [{ engine: 'quantum' }, 'unknown-engine'],
    [{ stream: 'Not a name' }, 'bad-stream-name'],
    [{ state: JSON.parse(JSON.stringify(await (await open()).save())) }, 'bad-state', /v8\.serialize/],
  ];
  for (const [options, code, message = /\.$/] of wrong) {
    const failed = expect(untyped(options), code).rejects;
    await failed.toMatchObject({ name: 'UserError', code, message: expect.stringMatching(message) });
  }

  // biome-ignore lint/suspicious/noExplicitAny: what untyped callers may write
  const tracker = (await open()) as any;
  expect(() => tracker.track(voice)).toThrow('needs the option sampleRateHz');
  expect(() => tracker.track(voice, { sampleRateHz: 48_000 })).toThrow('needs the option channels');
  expect(() => tracker.track(voice, { ...MONO, sampleRateHz: 400 })).toThrow('400 Hz');
  expect(() => tracker.track(voice, { ...MONO, format: 's8' })).toThrow('expected one of u8, s16le');
  expect(() => tracker.track(FILE, { ...MONO })).toThrow('no option "sampleRateHz": expected paced');
  expect(() => tracker.track(7, MONO)).toThrow('The type of the input is not supported');
  expect(() => tracker.track('cassette:')).toThrow('cassette');
  expect(() => tracker.transform({})).toThrow('needs the option sampleRateHz');
});
