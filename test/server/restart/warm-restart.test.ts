import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadActivityDetector } from '../../../src/model/activity/activity-detector.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { loadModel } from '../../../src/model/load.ts';
import { createStepper } from '../../../src/model/stepper.ts';
import { STATE_FILE } from '../../../src/server/restart/state-file.ts';
import type { ServerOptions } from '../../../src/server/server-options.ts';
import type { StartTracker } from '../../../src/server/streams/hub-options.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { track } from '../../../src/tracker.ts';
import type { AudioChunk, EmotionFrame, Source, StreamMessage } from '../../../src/types.ts';
import { readLena } from '../../support/audio.ts';
import { framesOf } from '../../support/frames.ts';
import { Client, startServer, tempFolder, until } from '../support.ts';

const RATE = 44_100;
/** Not a divisor of a step, so that a state is in the middle of one. */
const CHUNK = 5_000;
const voice = readLena();
const CHUNKS = Math.floor(voice.length / CHUNK);

const [fft, detector, stepper] = await Promise.all([
  loadFft(),
  loadActivityDetector(),
  loadEngine('wasm').then(async (engine) => createStepper(await loadModel('undertone-lite', engine))),
]);
const startTracker: StartTracker = (source, stream, _stop, state) =>
  track(source, { stream, stepper, fft, detector, state });

/** A source that continues where it stopped when it is opened again, as far as `limit`. */
class Tape {
  limit = 0;
  #at = 0;
  readonly source: Source;

  constructor(uri = 'tape:') {
    const tape = this;
    this.source = {
      uri,
      async *open(signal) {
        while (!signal.aborted) {
          if (tape.#at < tape.limit) yield tape.#chunk(tape.#at++);
          else await new Promise((resolve) => setTimeout(resolve, 2));
        }
      },
    };
  }

  get at(): number {
    return this.#at;
  }

  #chunk(i: number): AudioChunk {
    const samples = voice.slice(i * CHUNK, (i + 1) * CHUNK);
    return { type: 'audio', sampleRateHz: RATE, channels: 1, samples, arrivedAtMs: performance.now() };
  }
}

/** A server with one stream, and its messages. It stops when the test ends. */
async function serve(dataDir: string, tape: Tape, options: Partial<ServerOptions> = {}) {
  const messages: StreamMessage[] = [];
  const server = await startServer({
    dataDir,
    startTracker,
    fingerprint: 'lite',
    limits: { saveStatesMs: 1e6 },
    ...options,
  });
  server.sinks.add({ name: 'test', write: ({ message }) => void messages.push(message) });
  server.hub.add('a', tape.source);
  const frames = () => messages.filter((message) => message.type === 'emotion');
  return {
    server,
    messages,
    frames,
    /** Plays as far as a chunk, and waits until all of it is analyzed. */
    async play(limit: number, steps = Math.floor((limit * CHUNK) / (RATE / 2))) {
      tape.limit = limit;
      await until(() => tape.at === limit && frames().length >= steps, `${steps} frames`);
    },
  };
}

/** What the model and the detectors emit: all that does not depend on when the stream started. */
const readings = (frames: readonly EmotionFrame[]) =>
  frames.map(({ seq: _s, t: _t, time: _i, latencyMs: _l, ...rest }) => rest);

async function undisturbed(): Promise<EmotionFrame[]> {
  const tape = new Tape();
  tape.limit = CHUNKS;
  const abort = new AbortController();
  const { source } = tape;
  const whole: Source = {
    uri: source.uri,
    async *open() {
      for await (const item of source.open(abort.signal)) {
        yield item;
        if (tape.at === CHUNKS) abort.abort();
      }
    },
  };
  return framesOf(track(whole, { stream: 'a', stepper, fft, detector }));
}

/** A logger that keeps what it logs. */
function recorder() {
  const lines: { level: number; msg: string }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { logger, warnings: () => lines.filter(({ level }) => level >= 40).map(({ msg }) => msg) };
}

describe('a restart', () => {
  test('continues a stream in a new run, whose frames equal those of an undisturbed one', async () => {
    const [dataDir, tape] = [tempFolder(), new Tape()];
    const first = await serve(dataDir, tape);
    await first.play(37);
    const before = first.frames().length;
    await first.server.close();
    expect(first.frames()).toHaveLength(before);
    expect(statSync(join(dataDir, STATE_FILE)).mode & 0o777).toBe(0o600);

    const second = await serve(dataDir, tape);
    const all = Math.floor((CHUNKS * CHUNK) / (RATE / 2));
    await second.play(CHUNKS, all - before);
    const expected = await undisturbed();
    expect(readings([...first.frames(), ...second.frames()])).toEqual(readings(expected));

    // A new run: `seq` and `t` begin again.
    expect(second.frames().map(({ seq, t }) => [seq, t])).toEqual(
      second.frames().map((_, k) => [k, 0.5 * (k + 1)]),
    );
    expect(second.server.hub.get('a')!.run).toBeGreaterThan(first.server.hub.get('a')!.run);
    const [started, gap] = second.messages;
    expect(started).toMatchObject({ type: 'stream-started', t: 0 });
    expect(gap).toMatchObject({ type: 'gap', reason: 'restart', stream: 'a', t: 0 });
    if (gap?.type !== 'gap') throw new Error('There is no gap.');
    expect(gap.seconds).toBeGreaterThanOrEqual(0);
    expect(gap.message).toMatch(/^The server was restarted: [\d.]+ s were missed/);
    // Clients and the log receive the gap, too.
    const live = new Client(second.server, '/v1/live?since=-1');
    await live.received('emotion', expected.length - before);
    expect(live.of('gap')).toEqual([gap]);
  });

  test('continues from the last state that was written, if the program had no time to write one', async () => {
    const [dataDir, tape] = [tempFolder(), new Tape()];
    const first = await serve(dataDir, tape, { limits: { saveStatesMs: 20 } });
    await first.play(37);
    const file = join(dataDir, STATE_FILE);
    // The write in progress may have begun before; the one after it did not.
    const writtenAt = () => (existsSync(file) ? statSync(file).mtimeMs : 0);
    for (let times = 0; times < 2; times++) {
      const last = writtenAt();
      await until(() => writtenAt() > last, 'a state');
    }
    const kept = readFileSync(file);
    const before = first.frames().length;
    await first.server.close();
    writeFileSync(file, kept);
    const second = await serve(dataDir, tape);
    await second.play(CHUNKS, Math.floor((CHUNKS * CHUNK) / (RATE / 2)) - before);
    expect(readings([...first.frames(), ...second.frames()])).toEqual(readings(await undisturbed()));
  });

  test('the gap counts from the newest frame in the log, not from the state', async () => {
    const [dataDir, tape] = [tempFolder(), new Tape()];
    const first = await serve(dataDir, tape, { limits: { saveStatesMs: 20 } });
    await first.play(10);
    const file = join(dataDir, STATE_FILE);
    await until(() => existsSync(file), 'the file');
    const kept = readFileSync(file);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await first.play(37);
    await first.server.close();
    writeFileSync(file, kept);
    const second = await serve(dataDir, tape);
    await until(() => second.messages.length >= 2, 'the gap');
    const [, gap] = second.messages;
    if (gap?.type !== 'gap') throw new Error('There is no gap.');
    const age = Number(/from its state ([\d.]+) s ago/.exec(gap.message)![1]);
    expect(age - gap.seconds).toBeGreaterThan(1.4);
  });
});

describe('a stream starts anew', () => {
  const first = async (dataDir: string, options: Partial<ServerOptions> = {}, uri?: string) => {
    const tape = new Tape(uri);
    const server = await serve(dataDir, tape, options);
    await server.play(20);
    await server.server.close();
    return tape;
  };
  /** Whether the stream of a second server continues. */
  const continues = async (dataDir: string, tape: Tape, options: Partial<ServerOptions> = {}) => {
    const second = await serve(dataDir, tape, options);
    tape.limit = 40;
    await until(() => second.frames().length >= 2, 'two frames');
    await second.server.close();
    return second.messages.some((message) => message.type === 'gap');
  };

  test.each<[string, Partial<ServerOptions>]>([
    ['with another model', { fingerprint: 'other' }],
    ['after more than a minute', { limits: { saveStatesMs: 1e6, restartMs: -1e6 - 1 } }],
    ['where that is configured', { warmRestart: false }],
  ])('%s', async (_when, options) => {
    const dataDir = tempFolder();
    const tape = await first(dataDir);
    expect(await continues(dataDir, tape, options)).toBe(false);
  });

  test('with another source, or one that begins again itself', async () => {
    const other = tempFolder();
    await first(other, {}, 'http://a.example/');
    expect(await continues(other, new Tape('http://b.example/'))).toBe(false);
    for (const uri of ['file:song.ogg', 'FILE:song.ogg', 'demo:']) {
      const dataDir = tempFolder();
      await first(dataDir, {}, uri);
      expect(await continues(dataDir, new Tape(uri))).toBe(false);
    }
  });

  test('a second time: a state is used once', async () => {
    const dataDir = tempFolder();
    const tape = await first(dataDir);
    const { server, messages } = await serve(dataDir, tape);
    await until(() => messages.some(({ type }) => type === 'gap'), 'the gap');
    await server.hub.stop('a');
    server.hub.add('a', tape.source);
    tape.limit = 40;
    await until(() => messages.some(({ type }) => type === 'emotion'), 'a frame');
    expect(messages.filter(({ type }) => type === 'gap')).toHaveLength(1);
  });

  test('if it was stopped on request', async () => {
    const [dataDir, tape] = [tempFolder(), new Tape()];
    const { server, play } = await serve(dataDir, tape);
    await play(20);
    await server.hub.stop('a');
    await server.close();
    expect(await continues(dataDir, tape)).toBe(false);
  });

  test.each([
    ['damaged', (bytes: Buffer) => bytes.fill(7, bytes.length >> 1)],
    [
      'of another version',
      (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('"format":1', '"format":9'), 'latin1'),
    ],
    ['not of undertone', () => Buffer.from('{}\nhello')],
  ])('with one warning where the file is %s', async (_what, change) => {
    const dataDir = tempFolder();
    const tape = await first(dataDir);
    const file = join(dataDir, STATE_FILE);
    writeFileSync(file, change(readFileSync(file)));
    const { logger, warnings } = recorder();
    expect(await continues(dataDir, tape, { logger })).toBe(false);
    expect(warnings()).toEqual([
      expect.stringMatching(
        /^The states of the streams in .*undertone\.state cannot be used \(.*\): all streams start anew\.$/,
      ),
    ]);
  });
});

test('with an encrypted log, the states are encrypted', async () => {
  const [dataDir, tape, passphrase] = [
    tempFolder(),
    new Tape('http://radio.example/secret'),
    'correct horse',
  ];
  const first = await serve(dataDir, tape, { passphrase });
  await first.play(20);
  await first.server.close();
  const bytes = readFileSync(join(dataDir, STATE_FILE));
  expect(bytes.length).toBeGreaterThan(10_000);
  expect(bytes.includes('radio.example')).toBe(false);
  const second = await serve(dataDir, tape, { passphrase });
  await until(() => second.messages.some(({ type }) => type === 'gap'), 'the gap');
});

test('states that are too old are deleted', async () => {
  const dataDir = tempFolder();
  const tape = new Tape();
  const first = await serve(dataDir, tape);
  await first.play(20);
  await first.server.close();
  const server = await startServer({ dataDir, limits: { restartMs: -1e6 - 1, saveStatesMs: 1e6 } });
  onTestFinished(() => server.close());
  expect(existsSync(join(dataDir, STATE_FILE))).toBe(false);
});
