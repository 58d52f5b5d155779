import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { frameOf, until } from '../../server/support.ts';
import { openSink } from '../support.ts';

/** Calls of liblsl, by function, in order; a fake of the package koffi records them. */
const fake = { calls: [] as { readonly name: string; readonly args: unknown[] }[], missing: false };

const FAKE_PACKAGE = {
  default: {
    load(path: string) {
      if (fake.missing || path === '/no/liblsl.so') throw new Error('cannot open shared object file');
      return {
        func(prototype: string) {
          const name = /(lsl_\w+)/.exec(prototype)![1]!;
          return (...args: unknown[]) => {
            const copied = args.map((arg) => (arg instanceof Float32Array ? [...arg] : arg));
            fake.calls.push({ name, args: copied });
            return name === 'lsl_local_clock' ? 1_000 : `${name} ${fake.calls.length}`;
          };
        },
      };
    },
  },
};

beforeAll(() => void vi.doMock('koffi', () => FAKE_PACKAGE));
afterAll(() => void vi.doUnmock('koffi'));

const argsOf = (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);

describe('lsl:', () => {
  beforeEach(() => {
    fake.calls.length = 0;
    fake.missing = false;
  });

  test('opens an outlet for each stream, describes its channels, and sends NaN without music', async () => {
    const { sink } = openSink({ sink: 'lsl:' });
    sink.push({ ...frameOf('a', 0), valence: 0.5, arousal: -0.25, loudness: -14 });
    sink.push(frameOf('a', 6)); // Silence.
    sink.push(frameOf('b', 0));
    await until(() => sink.status.delivered === 3, 'three steps');
    expect(argsOf('lsl_create_streaminfo').map((args) => args.slice(0, 5))).toEqual(
      ['a', 'b'].map((stream) => [`undertone-${stream}`, 'Emotion', 6, 2, 1]),
    );
    const described = argsOf('lsl_append_child_value').slice(0, 18);
    expect(described.filter(([, key]) => key === 'label').map(([, , text]) => text)).toEqual([
      'valence',
      'arousal',
      'valenceSd',
      'arousalSd',
      'confidence',
      'loudness',
    ]);
    expect(described.filter(([, key]) => key === 'unit').at(-1)![2]).toBe('LUFS');
    const samples = argsOf('lsl_push_sample_ft');
    expect((samples[0]![1] as number[]).slice(0, 2)).toEqual([0.5, -0.25]);
    expect((samples[1]![1] as number[]).slice(0, 2)).toEqual([Number.NaN, Number.NaN]);
    sink.end('a', 1, new Date().toISOString());
    await until(() => argsOf('lsl_destroy_outlet').length === 1, 'the end of a');
    await sink.close();
    expect(argsOf('lsl_destroy_outlet')).toHaveLength(2);
  });

  test('keeps the outlet while the source is lost, since recorders take seconds to find another', async () => {
    const { sink } = openSink({
      sink: 'lsl:',
      values: [{ value: 'valence' }, { value: 'arousal', on: 0.9 }],
    });
    const time = new Date().toISOString();
    sink.push({ ...frameOf('a', 0), valence: 0.5, arousal: 0 });
    sink.pause('a', 1, time);
    sink.push({ ...frameOf('a', 2), valence: 0.25, arousal: 0 });
    sink.pause('a', 3, time);
    await until(() => sink.status.delivered === 4, 'four steps');
    expect(argsOf('lsl_create_outlet')).toHaveLength(1);
    expect(argsOf('lsl_destroy_outlet')).toHaveLength(0);
    expect(argsOf('lsl_push_sample_ft').map(([, sample]) => sample)).toEqual([
      [0.5, 0],
      [Number.NaN, 0],
      [0.25, 0],
      [Number.NaN, 0],
    ]);
    sink.end('a', 4, time);
    await until(() => argsOf('lsl_destroy_outlet').length === 1, 'the end');
    expect(argsOf('lsl_push_sample_ft')).toHaveLength(4);
  });

  test('closes the outlet of a stream whose switches are off', async () => {
    const { sink } = openSink({ sink: 'lsl:', values: [{ value: 'arousal', on: 0.9 }] });
    sink.push({ ...frameOf('a', 0), arousal: 0 });
    sink.end('a', 1, new Date().toISOString());
    await until(() => argsOf('lsl_destroy_outlet').length === 1, 'the end');
  });

  test('subtracts the age of a sample from the clock of LSL', async () => {
    const { sink } = openSink({ sink: 'lsl:' });
    sink.push(frameOf('a', 0, Date.now() - 60_000));
    await until(() => sink.status.delivered === 1, 'the step');
    const age = 1_000 - (argsOf('lsl_push_sample_ft')[0]![2] as number);
    expect(age).toBeGreaterThanOrEqual(60);
  });

  test('is irregular with rates or switches, and keeps the numbers that are not due', async () => {
    const { sink } = openSink({
      sink: 'lsl:my {stream}',
      values: [
        { value: 'valence', every: '1h' },
        { value: 'arousal', as: 'energy', to: [0, 1] },
      ],
    });
    sink.push({ ...frameOf('a', 0), valence: 0.5, arousal: -1 });
    sink.push({ ...frameOf('a', 1), valence: 1, arousal: 1 });
    await until(() => sink.status.delivered === 2, 'two steps');
    expect(argsOf('lsl_create_streaminfo')[0]!.slice(0, 4)).toEqual(['my a', 'Emotion', 2, 0]);
    expect(argsOf('lsl_push_sample_ft').map(([, sample]) => sample)).toEqual([
      [0.5, 0],
      [0.5, 1],
    ]);
  });

  test.each([
    ['lsl:', 'the library liblsl was not found: install it from github.com/sccn/liblsl'],
    ['lsl:?library=/no/liblsl.so', 'the library liblsl was not found at /no/liblsl.so'],
  ])('without the library, %s is down with a sentence', async (uri, message) => {
    fake.missing = true;
    const { sink, lines } = openSink({ sink: uri });
    await until(() => sink.status.state === 'down', 'the failure');
    expect(sink.status.message).toContain(message);
    expect(lines).toHaveLength(1);
  });

  test('rejects words and equal names', () => {
    expect(() => openSink({ sink: 'lsl:', values: [{ value: 'mood' }] })).toThrow('mood is a word');
    const twice = [{ value: 'valence' }, { value: 'arousal', as: 'valence' }];
    expect(() => openSink({ sink: 'lsl:', values: twice })).toThrow('expected a different');
  });
});
