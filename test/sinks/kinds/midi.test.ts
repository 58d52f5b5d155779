import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { sinksCommand } from '../../../src/commands/sinks.ts';
import { frameOf, until } from '../../server/support.ts';
import { fakeMidi, useFakeMidi } from '../../support/fake-midi.ts';
import { openSink } from '../support.ts';

const bytesSent = () => fakeMidi.sent.map(({ bytes }) => bytes);

describe('midi:', () => {
  useFakeMidi();

  test('sends controllers to a virtual port, and nothing without music', async () => {
    const { sink } = openSink({ sink: 'midi:' });
    sink.push({ ...frameOf('a', 0), valence: -1, arousal: 1, loudness: -30 });
    sink.push(frameOf('a', 6)); // Silence.
    await until(() => sink.status.delivered === 2, 'two steps');
    expect(fakeMidi.sent).toEqual([
      { port: 'undertone', bytes: [0xb0, 20, 0] },
      { port: 'undertone', bytes: [0xb0, 21, 127] },
      { port: 'undertone', bytes: [0xb0, 22, 64] },
    ]);
    await sink.close();
    expect(fakeMidi.open).toHaveLength(0);
  });

  test('sends notes at thresholds to a port of its name, and ends those that sound when it closes', async () => {
    const { sink } = openSink({
      sink: 'midi:foot?channel=2',
      values: [
        { value: 'arousal', as: 'note/60', on: 0.5, off: 0.4, to: [0, 100] },
        { value: 'valence', as: '16/cc/127', to: [127, 0] },
      ],
    });
    for (const [seq, arousal] of [0.3, 0.6, 0.45, 0.3, 0.6].entries())
      sink.push({ ...frameOf('a', seq), arousal, valence: 1 });
    await until(() => sink.status.delivered === 5, 'five steps');
    expect(fakeMidi.sent[0]!.port).toBe('USB Foot Pedal');
    const notes = () => bytesSent().filter(([status]) => status! < 0xb0);
    expect(notes()).toEqual([
      [0x81, 60, 0],
      [0x91, 60, 100],
      [0x81, 60, 0],
      [0x91, 60, 100],
    ]);
    expect(bytesSent()).toContainEqual([0xbf, 127, 0]);
    await sink.close();
    expect(notes().at(-1)).toEqual([0x81, 60, 0]);
  });

  test.each([
    [[20, 100], [0.9, 0.1], [100]],
    [[100, 20], [0.9, 0.1, 0.9], [100]],
    [[100, 20], [0.9, 0.1], [100]],
  ] as const)(
    'ends a note at the lower end of %j, and when its stream stops',
    async (to, levels, velocities) => {
      const values = [{ value: 'arousal', as: 'note/60', on: 0.5, to: [...to] as [number, number] }];
      const { sink } = openSink({ sink: 'midi:', values });
      for (const [seq, arousal] of levels.entries()) sink.push({ ...frameOf('a', seq), arousal });
      sink.end('a', 2, new Date().toISOString());
      await until(() => sink.status.queued === 0, 'the end');
      const notes = bytesSent().filter(([status]) => status! < 0xb0);
      expect(notes.flatMap(([status, , velocity]) => (status === 0x90 ? velocity! : []))).toEqual(velocities);
      expect(notes.at(-1)).toEqual([0x80, 60, 0]);
    },
  );

  test('ends a note while the source is lost, also one that sounds while its switch is off', async () => {
    const values = [{ value: 'arousal', as: 'note/60', on: 0.5, to: [100, 20] as [number, number] }];
    const { sink } = openSink({ sink: 'midi:', values });
    sink.push({ ...frameOf('a', 0), arousal: 0.1 });
    sink.pause('a', 1, new Date().toISOString());
    sink.push({ ...frameOf('a', 2), arousal: 0.1 });
    await until(() => sink.status.delivered === 3, 'three steps');
    expect(bytesSent()).toEqual([
      [0x90, 60, 100],
      [0x80, 60, 0],
      [0x90, 60, 100],
    ]);
  });

  test('sends a trigger as a short note', async () => {
    const { sink } = openSink({
      sink: 'midi:through',
      values: [{ value: 'arousal', as: 'note/36', on: 0.5, edge: 'on' }],
    });
    sink.push({ ...frameOf('a', 0), arousal: 0.9 });
    await until(() => fakeMidi.sent.length === 2, 'the note and its end');
    expect(bytesSent()).toEqual([
      [0x90, 36, 127],
      [0x80, 36, 0],
    ]);
  });

  test('closes the port of an unplugged device although the note that sounds cannot be ended', async () => {
    const { sink } = openSink({
      sink: 'midi:foot',
      values: [{ value: 'arousal', as: 'note/60', on: 0.5 }],
    });
    sink.push({ ...frameOf('a', 0), arousal: 0.9 });
    await until(() => sink.status.delivered === 1, 'the note');
    fakeMidi.fails = true;
    fakeMidi.ports = [];
    await until(() => sink.status.state === 'down', 'the loss');
    expect(sink.status.message).toBe('USB Foot Pedal was disconnected');
    expect(fakeMidi.open).toHaveLength(0);
  });

  test('a trigger whose end cannot be sent disturbs nothing, and is ended when it closes', async () => {
    const { sink } = openSink({
      sink: 'midi:',
      values: [{ value: 'arousal', as: 'note/36', on: 0.5, edge: 'on' }],
    });
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    sink.push({ ...frameOf('a', 0), arousal: 0.9 });
    await vi.waitFor(() => expect(fakeMidi.sent).toHaveLength(1));
    fakeMidi.fails = true;
    vi.advanceTimersByTime(100);
    fakeMidi.fails = false;
    await sink.close();
    expect(bytesSent().at(-1)).toEqual([0x80, 36, 0]);
  });

  test('is down while its port is missing or unplugged, with the reason, and up when it is there', async () => {
    const { sink, lines } = openSink({ sink: 'midi:Launchpad' });
    await until(() => sink.status.state === 'down', 'the missing port');
    expect(sink.status.message).toBe(
      'no MIDI output has "Launchpad" in its name: expected one of Midi Through, USB Foot Pedal',
    );
    fakeMidi.ports = ['Launchpad X'];
    await until(() => sink.status.state === 'up', 'the port');
    fakeMidi.ports = [];
    await until(() => sink.status.state === 'down', 'the unplugged port');
    expect(lines.filter((line) => line.includes('Launchpad X was disconnected'))).toHaveLength(1);
  });

  test('lists its ports in undertone sinks --midi', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await sinksCommand().parseAsync(['--midi'], { from: 'user' });
    expect(write.mock.calls[0]![0]).toBe(
      'outputs, for --sink midi:PORT\n  Midi Through\n  USB Foot Pedal\ninputs, for --midi-in PORT\n  Midi Through\n  USB Foot Pedal\n',
    );
    expect(fakeMidi.open).toHaveLength(0);
  });

  test.each([
    ['linux', /this computer has no MIDI system: .*snd\/seq is missing/],
    ['win32', 'Windows has no virtual MIDI ports'],
  ])('says in a sentence that %s has no MIDI', async (platform, message) => {
    Object.defineProperty(process, 'platform', { value: platform });
    const { sink, lines } = openSink({ sink: 'midi:' });
    await until(() => sink.status.state !== 'connecting', 'the attempt');
    if (platform === 'linux' && sink.status.state === 'up') return; // It has.
    expect(sink.status.message).toMatch(message);
    expect(lines).toHaveLength(1);
  });

  test.each([
    [{ value: 'arousal' }, 'expected \\"cc/20\\", \\"note/60\\"'],
    [{ value: 'arousal', as: 'cc/128' }, 'expected \\"cc/20\\"'],
    [{ value: 'arousal', as: '17/cc/1' }, 'expected \\"cc/20\\"'],
    [{ value: 'arousal', as: 'note/60' }, 'expected \\"on\\" for a note'],
    [{ value: 'arousal', as: 'cc/1', to: [0, 128] as [number, number] }, 'expected levels from 0 to 127'],
    [{ value: 'arousal', as: 'note/60', on: 0, to: [100, 100] as [number, number] }, 'expected two levels'],
    [{ value: 'mood', as: 'cc/1' }, 'expected numbers only: mood is a word'],
  ])('rejects %j in a sentence', (value, message) => {
    const parse = () => openSink({ sink: 'midi:', values: [value] });
    expect(parse).toThrow(message);
  });
});
