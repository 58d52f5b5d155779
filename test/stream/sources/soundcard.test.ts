import { ChildProcess } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseDevice, type Device } from '../../../src/stream/sources/soundcard/devices.ts';
import { LossMeter } from '../../../src/stream/sources/soundcard/loss-meter.ts';
import {
  encodeFrame,
  FRAME_KINDS,
  type Frame,
  FrameReader,
} from '../../../src/stream/sources/soundcard/protocol.ts';
import type { Recorder } from '../../../src/stream/sources/soundcard/spawn-recorder.ts';
import { soundcardSource } from '../../../src/stream/sources/soundcard.ts';
import type { SourceItem } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';

const READY = { device: 'Fake', sampleRateHz: 8000, channels: 1 };

function ready(): Frame {
  return { kind: FRAME_KINDS.ready, lost: 0, payload: new TextEncoder().encode(JSON.stringify(READY)) };
}

function audio(first: number, frames: number, lost = 0): Frame {
  const samples = Float32Array.from({ length: frames }, (_, i) => (first + i) / 1000);
  return { kind: FRAME_KINDS.audio, lost, payload: new Uint8Array(samples.buffer) };
}

/** One recorder process: it delivers frames, then ends, fails or hangs until it is killed. */
type Run = { frames: Frame[]; ending: 'end' | 'hang' | UserError };

/** Recorders with the given runs, one after another; the last run repeats. */
function recorders(runs: Run[]) {
  let started = 0;
  let killed = 0;
  const spawn = (): Recorder => {
    const { frames, ending } = runs[Math.min(started++, runs.length - 1)]!;
    let release = () => {};
    const kill = new Promise<void>((resolve) => {
      release = resolve;
    });
    return {
      process: new ChildProcess(),
      frames: (async function* () {
        yield* frames;
        if (ending instanceof UserError) throw ending;
        if (ending === 'hang') await kill;
      })(),
      notes: () => 'ALSA something\nALSA error',
      kill: () => {
        killed++;
        release();
      },
    };
  };
  return { spawn, counts: () => ({ started, killed }) };
}

const QUICK = { stallMs: 40, startMs: 40, retryMs: 1, maxRetryMs: 4 };

/** The first items of a sound card, then it is aborted. */
async function record(runs: Run[], count: number) {
  const { spawn, counts } = recorders(runs);
  const abort = new AbortController();
  const items: SourceItem[] = [];
  for await (const item of soundcardSource('soundcard:', '', { ...QUICK, spawn }).open(abort.signal)) {
    items.push(item);
    if (items.length === count) abort.abort();
  }
  return { items, counts: counts() };
}

describe('soundcard:', () => {
  it('yields the recorded samples and the samples that the card lost', async () => {
    const { items, counts } = await record(
      [{ frames: [ready(), audio(0, 3), audio(8, 2, 5)], ending: 'hang' }],
      2,
    );
    expect(items).toEqual([
      {
        type: 'audio',
        sampleRateHz: 8000,
        channels: 1,
        samples: Float32Array.of(0, 0.001, 0.002),
        arrivedAtMs: expect.any(Number),
      },
      {
        type: 'audio',
        sampleRateHz: 8000,
        channels: 1,
        samples: Float32Array.of(0.008, 0.009),
        arrivedAtMs: expect.any(Number),
        lostSamples: 5,
      },
    ]);
    expect(counts.started).toBe(1);
    expect(counts.killed).toBeGreaterThan(0);
  });

  it.each([
    ['ends', 'end', 'its recorder ended (ALSA error)'],
    ['stalls', 'hang', 'it delivered no samples for 0.04 s'],
    [
      'fails',
      new UserError('no-device', 'There is no audio input "Fake".'),
      'There is no audio input "Fake"',
    ],
  ] as const)('reports when the recorder %s, and when it is back', async (_, ending, reason) => {
    const missing = new UserError('no-device', 'There is none.');
    const runs: Run[] = [
      { frames: [ready(), audio(0, 1)], ending },
      // Twice the device is missing, and once it opens without samples: still one loss.
      { frames: [], ending: missing },
      { frames: [], ending: 'hang' },
      { frames: [ready()], ending: 'end' },
      { frames: [ready(), audio(0, 1)], ending: 'hang' },
    ];
    const { items } = await record(runs, 4);
    expect(items.map((item) => item.type)).toEqual(['audio', 'source-lost', 'source-restored', 'audio']);
    expect(items[1]).toMatchObject({ message: expect.stringContaining(reason) });
    expect(items[2]).toMatchObject({ message: expect.stringContaining('"Fake"') });
  });

  it('throws the error of the first start', async () => {
    const missing = new UserError('no-device', 'There is no audio input "Fake".');
    await expect(record([{ frames: [], ending: missing }], 1)).rejects.toBe(missing);
    await expect(record([{ frames: [], ending: 'end' }], 1)).rejects.toMatchObject({
      code: 'soundcard-fault',
    });
    await expect(record([{ frames: [ready()], ending: 'hang' }], 1)).rejects.toMatchObject({
      code: 'soundcard-fault',
    });
  });

  it('throws the error of a recorder that cannot be started at all', async () => {
    const spawn = () => {
      throw new UserError('not-built', 'The recorder is not built.');
    };
    const items = soundcardSource('soundcard:', '', { ...QUICK, spawn }).open(new AbortController().signal);
    await expect(items[Symbol.asyncIterator]().next()).rejects.toThrow('The recorder is not built.');
  });

  it('ends its recorder when the consumer stops', async () => {
    const { spawn, counts } = recorders([{ frames: [ready(), audio(0, 1), audio(1, 1)], ending: 'hang' }]);
    const source = soundcardSource('soundcard:', '', { ...QUICK, spawn });
    for await (const _ of source.open(new AbortController().signal)) break;
    expect(counts().killed).toBeGreaterThan(0);
  });
});

describe('FrameReader', () => {
  it('assembles frames wherever the pipe cuts them', () => {
    const frames = [audio(0, 7), ready(), audio(7, 0, 3), audio(7, 100)];
    const bytes = Buffer.concat(frames.map(({ kind, payload, lost }) => encodeFrame(kind, payload, lost)));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (size) => {
        const reader = new FrameReader();
        const read: Frame[] = [];
        for (let at = 0; at < bytes.length; at += size)
          read.push(...reader.push(bytes.subarray(at, at + size)));
        expect(read).toEqual(frames);
      }),
    );
  });
});

describe('chooseDevice', () => {
  const device = (index: number, name: string, isDefault = false): Device => ({
    index,
    name,
    hostApi: 'ALSA',
    channels: 2,
    defaultRateHz: 48_000,
    isDefault,
  });
  const devices = [device(0, 'HDA Intel'), device(3, 'USB Audio', true), device(4, 'USB Audio 2')];

  it.each([
    ['', 3],
    ['USB Audio', 3],
    ['4', 4],
    ['intel', 0],
  ])('"%s" is device %i', (wanted, index) => {
    expect(chooseDevice(devices, wanted).index).toBe(index);
  });

  it.each([
    ['usb', devices, 'matches several audio inputs. Choose one of: "USB Audio", "USB Audio 2".'],
    ['bass', devices, 'There is no audio input "bass". Choose one of: "HDA Intel", '],
    ['', [], 'no default audio input. It has no audio inputs'],
  ])('"%s" is an error that lists the devices', (wanted, from, words) => {
    expect(() => chooseDevice(from, wanted)).toThrow(words);
  });
});

describe('LossMeter', () => {
  /** Reads of 20 ms at 48 kHz; `lateMs` is the delay of a read, `lost` the samples lost before it. */
  function run(
    seconds: number,
    disturb: (read: number) => { lateMs?: number; lost?: number; overflowed?: boolean },
  ) {
    const meter = new LossMeter(48_000);
    let now = 0;
    let found = 0;
    for (let read = 0; read < seconds * 50; read++) {
      const { lateMs = 0, lost = 0, overflowed = false } = disturb(read);
      now += 20 + lost / 48;
      if (overflowed) meter.overflow();
      found += meter.read(960, now + lateMs);
    }
    return found;
  }

  it('finds no loss if reads are only late', () => {
    expect(run(60, (read) => ({ lateMs: (read * 7919) % 40 }))).toBe(0);
    expect(run(60, (read) => ({ lateMs: read % 50 < 30 ? 600 : 0 }))).toBe(0);
  });

  it('finds no loss if the clocks drift apart', () => {
    expect(run(600, (read) => ({ lateMs: 0.004 * read }))).toBe(0);
    expect(run(600, (read) => ({ lateMs: -0.004 * read }))).toBe(0);
  });

  it('measures the loss of an overflow', () => {
    const found = run(10, (read) => ({
      ...(read === 200 && { lost: 2000, overflowed: true }),
      lateMs: read % 3,
    }));
    expect(Math.abs(found - 2000)).toBeLessThan(150);
  });

  it('measures a long loss that the driver did not report', () => {
    const found = run(10, (read) => (read === 200 ? { lost: 24_000 } : {}));
    expect(Math.abs(found - 24_000)).toBeLessThan(150);
  });

  it('does not count sleep of the computer as a loss', () => {
    expect(run(10, (read) => (read === 200 ? { lost: 48_000 * 3600 } : {}))).toBe(0);
  });
});
