import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseConfig } from '../../src/server/config/read-config.ts';
import { readSettings } from '../../src/server/config/settings.ts';
import { createMidiMarkers, createPressed, type MidiInSettings } from '../../src/sessions/midi-markers.ts';
import { manualSource, startServer, until } from '../server/support.ts';
import { collectingLogger } from '../sinks/support.ts';
import { fakeMidi, useFakeMidi } from '../support/fake-midi.ts';

/** For `vi.waitFor`: the machine may be busy. */
const WAIT = { timeout: 30_000 };

describe('a MIDI input', () => {
  useFakeMidi();

  test('sets markers with notes in the sessions that run', async () => {
    const sources = ['room-1', 'room-2'].map((name) => ({ name, source: manualSource().source }));
    const server = await startServer({
      sources,
      midiIn: {
        port: 'foot',
        markers: [{ on: 'cc/64', stream: 'room-2', note: 'Insight' }, { on: 'note/60' }],
      },
    });
    const api = async (path: string, body?: unknown) => {
      const method = body === undefined ? 'GET' : 'POST';
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${server.url}v1/sessions${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers }),
      });
      return response.json() as Promise<{ id: string; markers: { note: string }[] }>;
    };
    const [first, second] = [await api('', { stream: 'room-1' }), await api('', { stream: 'room-2' })];
    await until(() => fakeMidi.listeners.size === 1, 'the input');
    fakeMidi.receive(0xb0, 64, 127);
    fakeMidi.receive(0xb0, 64, 0);
    fakeMidi.receive(0x93, 60, 90);
    fakeMidi.receive(0x93, 61, 90); // Not configured.
    const notesOf = async ({ id }: { id: string }) =>
      (await api(`/${id}/markers`)).markers.map(({ note }) => note);
    await vi.waitFor(async () => expect(await notesOf(second)).toHaveLength(2), WAIT);
    expect(await notesOf(first)).toEqual(['']);
    expect((await notesOf(second)).sort()).toEqual(['', 'Insight']);
    await server.close();
    expect(fakeMidi.listeners.size).toBe(0);
  });

  test('without markers in the configuration, every note and controller sets one', async () => {
    const { marked, markers } = manager();
    markers.set({ port: '' });
    await until(() => fakeMidi.listeners.size === 1, 'the input');
    fakeMidi.receive(0x90, 1, 1);
    fakeMidi.receive(0x90, 1, 0); // The end of the note.
    fakeMidi.receive(0xb5, 7, 127);
    await until(() => marked.length === 2, 'two markers');
    expect(marked).toEqual([{ note: undefined }, { note: undefined }]);
  });

  test('is used again after each time that it was unplugged, and warns of each', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { marked, markers, lines } = manager();
    markers.set({ port: 'foot' });
    for (const count of [1, 2]) {
      await vi.waitFor(() => expect(fakeMidi.listeners.size).toBe(1), WAIT);
      fakeMidi.receive(0x90, 1, 1);
      await vi.waitFor(() => expect(marked).toHaveLength(count), WAIT);
      const { ports } = fakeMidi;
      fakeMidi.ports = [];
      await vi.advanceTimersByTimeAsync(2_000);
      await vi.waitFor(() => expect(lines).toHaveLength(2 * count), WAIT);
      expect(lines.at(-1)).toContain('USB Foot Pedal was disconnected');
      fakeMidi.ports = ports;
      await vi.advanceTimersByTimeAsync(2_000);
    }
  });

  test('warns once while it is missing, and where no session runs or a marker fails', async () => {
    const { markers, lines } = manager([]);
    markers.set({ port: 'Launchpad' });
    await until(() => lines.length === 1, 'the warning');
    expect(lines[0]).toMatch(/^The MIDI input cannot be used \(no MIDI input has "Launchpad" in its name/);
    markers.set({ port: 'foot' });
    await until(() => fakeMidi.listeners.size === 1, 'the input');
    fakeMidi.receive(0x90, 1, 1);
    await until(() => lines.length === 3, 'the warning');
    expect(lines.slice(1)).toEqual([
      'Markers are set by the MIDI input USB Foot Pedal.',
      "No session runs, so the MIDI input's note/1 set no marker.",
    ]);
    markers.set(undefined);
    await until(() => fakeMidi.listeners.size === 0, 'the end');
  });
});

function manager(sessions = [{ id: 'A' }]) {
  const { lines, logger } = collectingLogger();
  const marked: unknown[] = [];
  const markers = createMidiMarkers({
    logger,
    sessions: {
      list: () => ({ sessions: sessions as never, next: null }),
      addMarker: async (_id, marker) => void marked.push(marker) as never,
    },
  });
  onTestFinished(() => markers.close());
  return { lines, marked, markers };
}

test('a pedal is pressed once, however its values move, until it is up', () => {
  const pressed = createPressed();
  const values = [0, 63, 64, 127, 60, 70, 31, 64];
  expect(values.map((value) => pressed([0xb0, 64, value]))).toEqual(
    values.map((_, i) => (i === 2 || i === 7 ? 'cc/64' : undefined)),
  );
  expect(pressed([0x80, 60, 64])).toBeUndefined();
  expect(pressed([])).toBeUndefined();
});

describe('midiIn', () => {
  test.each([
    [{ port: 'a', markers: [{ on: 'pc/1' }] }, 'expected "note/60" or "cc/64"'],
    [{ port: 'a', markers: [{ on: 'cc/128' }] }, 'expected "note/60" or "cc/64"'],
    [{ markers: [] }, 'midiIn.port'],
  ])('%j is rejected in a sentence', (midiIn, message) => {
    expect(() => parseConfig(JSON.stringify({ midiIn }), 'undertone.json')).toThrow(message);
  });

  test('--midi-in replaces the port', () => {
    const expected: MidiInSettings = { port: 'Foot' };
    expect(readSettings({ midiIn: 'Foot' }).midiIn).toEqual(expected);
    expect(readSettings({}).midiIn).toBeUndefined();
  });
});
