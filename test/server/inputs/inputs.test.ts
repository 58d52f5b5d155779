import { BlockList } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../../src/client/index.ts';
import { ChunkQueue } from '../../../src/stream/chunk-queue.ts';
import type { Source } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { collectingLogger } from '../../sinks/support.ts';
import { Client, soon, startServer, until } from '../support.ts';

const remote = { schemes: ['demo:'], folders: [], privateNetworks: new BlockList() };
const plan = { streams: [], alerts: [], keep: undefined, remote };

test('the kinds of sources say which of them clients may add', async () => {
  const { url } = await startServer({ plan });
  const { sources, folders } = await createClient({ url }).inputs.sources();
  const allowed = Object.fromEntries(sources.map(({ schemes, allowed }) => [schemes[0], allowed]));
  expect(allowed).toMatchObject({ demo: true, soundcard: false, file: false, http: false });
  expect(allowed).not.toHaveProperty('stdin');
  expect(folders).toEqual([]);
});

test('the sound inputs are listed once for requests that arrive together', async () => {
  let calls = 0;
  const device = {
    index: 3,
    name: 'Mixer',
    hostApi: 'ALSA',
    channels: 8,
    defaultRateHz: 48_000,
    isDefault: true,
  };
  const listDevices = async () => {
    calls++;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return [device];
  };
  const { inputs } = createClient({ url: (await startServer({ listDevices })).url });
  const both = await Promise.all([inputs.devices(), inputs.devices()]);
  expect(both).toEqual(Array(2).fill({ devices: [device], message: null }));
  expect(calls).toBe(1);
});

test('a computer without sound inputs says why', async () => {
  const listDevices = async () => {
    throw new UserError('no-naudiodon', 'Sound cards cannot be used.');
  };
  const { url } = await startServer({ listDevices });
  expect(await createClient({ url }).inputs.devices()).toEqual({
    devices: [],
    message: 'Sound cards cannot be used.',
  });
});

test('the sound of the demo is a WAV file of the length that was requested', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}v1/demo.wav?seconds=2`);
  const blob = await createClient({ url }).inputs.demo(2);
  expect(blob.type).toBe('audio/wav');
  const bytes = Buffer.from(await blob.arrayBuffer());
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  expect(bytes.length).toBe(44 + 2 * 32_000 * 2);
  expect(Number(response.headers.get('content-length'))).toBe(bytes.length);
  expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 12)).toBe('RIFFWAVE');
  expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
  let peak = 0;
  for (let at = 44; at < bytes.length; at += 2) peak = Math.max(peak, Math.abs(bytes.readInt16LE(at)));
  expect(peak).toBeGreaterThan(1_000);
  expect((await fetch(`${url}v1/demo.wav?seconds=0`)).status).toBe(400);
});

describe('the levels of an input', () => {
  const mixer = {
    index: 3,
    name: 'Mixer',
    hostApi: 'ALSA',
    channels: 4,
    defaultRateHz: 8_000,
    isDefault: true,
  };
  const listDevices = async () => [mixer];
  const withSoundcard = { ...plan, remote: { ...remote, schemes: ['demo:', 'soundcard:'] } };

  /** Half of full scale on channel 3, silence on the others; counts the inputs that are open. */
  function fakeInput() {
    const input = { open: 0, names: [] as string[] };
    const openInput = ({ name }: { name: string }): Source => ({
      uri: 'soundcard:',
      async *open(signal) {
        input.open++;
        input.names.push(name);
        try {
          for (; !signal.aborted; await new Promise((resolve) => setTimeout(resolve, 5))) {
            const samples = Float32Array.from({ length: 4 * 400 }, (_, i) => (i % 4 === 2 ? 0.5 : 0));
            yield {
              type: 'audio',
              sampleRateHz: 8_000,
              channels: 4,
              samples,
              arrivedAtMs: performance.now(),
            };
          }
        } finally {
          input.open--;
        }
      },
    });
    return { input, openInput };
  }

  test('are sent per channel while somebody looks', async () => {
    const { input, openInput } = fakeInput();
    const { url } = await startServer({ plan: withSoundcard, listDevices, openInput });
    const levels = createClient({ url }).inputs.levels('3');
    expect((await levels.next()).value).toEqual([
      { rms: null, peak: null },
      { rms: null, peak: null },
      { rms: -6, peak: -6 },
      { rms: null, peak: null },
    ]);
    expect(input).toEqual({ open: 1, names: ['Mixer'] });
    await levels.return();
    await until(() => input.open === 0);
  });

  /** An input of one channel, of which the test gives each level: 0.1 s of samples of that size. */
  function steppedInput() {
    const chunks = new ChunkQueue({ signal: new AbortController().signal });
    const openInput = (): Source => ({ uri: 'soundcard:', open: () => chunks });
    const give = async (...values: number[]) => {
      for (const value of values) {
        const samples = new Float32Array(800).fill(value);
        chunks.push({ type: 'audio', sampleRateHz: 8_000, channels: 1, samples, arrivedAtMs: 0 });
      }
      for (let i = 0; i < 10; i++) await soon();
    };
    return { openInput, give };
  }

  const level = (peak: number, rms = peak) => [{ rms, peak }];

  test('reach a client that is slow as the newest ones, with the highest peak since the last', async () => {
    const { openInput, give } = steppedInput();
    const { url } = await startServer({ plan: withSoundcard, listDevices, openInput });
    const levels = createClient({ url }).inputs.levels('3');
    const first = levels.next();
    await give(0.5);
    expect((await first).value).toEqual(level(-6));
    for (let i = 0; i < 100; i++) await give(0.1);
    await give(1); // Clipped.
    for (let i = 0; i < 100; i++) await give(0.1);
    await give(0.01);
    expect((await levels.next()).value).toEqual(level(0, -40));
    const next = levels.next();
    await give(0.1);
    expect((await next).value).toEqual(level(-20));
    await levels.return();
  });

  test('of samples that arrive together are one message', async () => {
    const { openInput, give } = steppedInput();
    const { port } = await startServer({ plan: withSoundcard, listDevices, openInput });
    const client = await new Client({ port }, '/v1/devices/3/levels').opened();
    await give(0.1, 1, 0.1, 0.01);
    expect((await client.received('levels'))[0].channels).toEqual(level(0, -40));
  });

  test('are sent to a client that acknowledges none, too', async () => {
    const { openInput, give } = steppedInput();
    const { port } = await startServer({ plan: withSoundcard, listDevices, openInput });
    const client = await new Client({ port }, '/v1/devices/3/levels').opened();
    for (const [i, value] of [0.5, 0.1, 0.01].entries()) {
      await give(value);
      await client.received('levels', i + 1);
    }
    expect(client.of('levels').map(({ channels }) => channels[0].peak)).toEqual([-6, -20, -40]);
    // Nothing queues while it does not read.
    client.socket.pause();
    for (let i = 0; i < 50; i++) await give(0.1);
    await give(1);
    await give(0.01);
    client.socket.resume();
    await client.received('levels', 5);
    await give(0.5);
    await client.received('levels', 6);
    expect(client.of('levels').map(({ channels }) => channels)).toEqual([
      ...[level(-6), level(-20), level(-40)],
      ...[level(-20), level(0, -40), level(-6)],
    ]);
    const wrong = new Client({ port }, '/v1/devices/3/levels?acknowledge=often');
    expect((await wrong.received('error'))[0]).toMatchObject({ code: 'bad-request' });
  });

  test('an unknown input, and a server that allows none, answer with a sentence', async () => {
    const { openInput } = fakeInput();
    const allowed = createClient({
      url: (await startServer({ plan: withSoundcard, listDevices, openInput })).url,
    });
    await expect(allowed.inputs.levels('Other').next()).rejects.toMatchObject({ code: 'no-device' });
    const client = createClient({ url: (await startServer({ plan, listDevices, openInput })).url });
    await expect(client.inputs.levels('3').next()).rejects.toMatchObject({ code: 'source-not-allowed' });
  });

  test('an internal error ends them, not the server', async () => {
    const openInput = (): Source => {
      throw new TypeError('Broken.');
    };
    const { lines, logger } = collectingLogger();
    const { url } = await startServer({ plan: withSoundcard, listDevices, openInput, logger });
    await expect(createClient({ url }).inputs.levels('3').next()).rejects.toMatchObject({ code: 'internal' });
    expect(lines).toContain('The levels of an input cannot be shown.');
  });

  test('at most four inputs are open', async () => {
    const { openInput } = fakeInput();
    const { inputs } = createClient({
      url: (await startServer({ plan: withSoundcard, listDevices, openInput })).url,
    });
    const open = Array.from({ length: 4 }, () => inputs.levels('3'));
    for (const one of open) await one.next();
    await expect(inputs.levels('3').next()).rejects.toMatchObject({ code: 'too-many-meters' });
    for (const one of open) await one.return();
  });
});
