import type { Logger } from 'pino';
import { z } from 'zod';
import { openMidiIn } from '../util/midi.ts';
import { createBackoff, wait } from '../util/retry.ts';
import type { Sessions } from './sessions.ts';

const trigger = z
  .string('expected "note/60" or "cc/64"')
  .regex(/^(note|cc)\/(12[0-7]|1[01]\d|\d{1,2})$/, 'expected "note/60" or "cc/64"');

/** `midiIn` of the configuration. */
export const midiIn = z
  .strictObject({
    port: z
      .string('expected part of the name of a port')
      .max(200)
      .meta({ description: 'Part of the name of a MIDI input; empty: a virtual port `undertone`.' }),
    markers: z
      .array(
        z.strictObject({
          on: trigger.meta({
            description: 'A note, or a controller such as a foot-switch (64), on any channel.',
          }),
          stream: z
            .string()
            .min(1)
            .optional()
            .meta({ description: 'Only sessions of this stream. Default: all that run.' }),
          note: z.string().max(2_000).optional().meta({ description: 'Note of the marker.' }),
        }),
        'expected a list of markers',
      )
      .min(1, 'expected at least one marker')
      .max(64, 'expected at most 64 markers')
      .optional()
      .meta({ description: 'Default: every note and controller sets a marker without a note.' }),
  })
  .meta({ id: 'MidiIn' });

export type MidiInSettings = z.infer<typeof midiIn>;

export interface MidiMarkersOptions {
  readonly sessions: Pick<Sessions, 'list' | 'addMarker'>;
  readonly logger: Logger;
}

export interface MidiMarkers {
  /** Uses another port, or none. */
  set(settings: MidiInSettings | undefined): void;
  close(): void;
}

const RETRY = { retryMs: 1_000, maxRetryMs: 30_000 };
const NOTE_ON = 0x90;
const CONTROL_CHANGE = 0xb0;
/** A pedal is down from the middle of its range, and up again below a quarter. */
const DOWN = 64;
const UP = 32;

/** Sets markers in the sessions that run when a note or a foot-switch arrives at a MIDI input. */
export function createMidiMarkers({ sessions, logger }: MidiMarkersOptions): MidiMarkers {
  let settings: MidiInSettings | undefined;
  let abort = new AbortController();

  return {
    set(next) {
      if (JSON.stringify(next) === JSON.stringify(settings)) return;
      settings = next;
      abort.abort();
      abort = new AbortController();
      if (next) void receive(next, abort.signal);
    },
    close: () => abort.abort(),
  };

  /** Keeps the input open; logs once when it is missing, and once when it is there. */
  async function receive(from: MidiInSettings, signal: AbortSignal): Promise<void> {
    const backoff = createBackoff(RETRY);
    const ended = new Promise<undefined>((resolve) =>
      signal.addEventListener('abort', () => resolve(undefined)),
    );
    let isDown = false;
    const onOpen = () => {
      backoff.reset();
      isDown = false;
    };
    while (!signal.aborted) {
      const reason = await hold(from, ended, onOpen).catch(({ message }: Error) => message);
      if (signal.aborted) return;
      if (!isDown) logger.warn(`The MIDI input cannot be used (${reason}): it is tried again.`);
      isDown = true;
      await wait(backoff.nextMs(), signal);
    }
  }

  /** Resolves with the reason when the device is gone. */
  async function hold(from: MidiInSettings, ended: Promise<undefined>, onOpen: () => void) {
    const { port, name, lost, close } = await openMidiIn(from.port);
    try {
      onOpen();
      logger.info(`Markers are set by the MIDI input ${name}.`);
      const pressed = createPressed();
      port.on('message', (_seconds, bytes) => {
        const key = pressed(bytes);
        if (key !== undefined) void mark(from, key);
      });
      return await Promise.race([lost, ended]);
    } finally {
      close();
    }
  }

  async function mark({ markers }: MidiInSettings, key: string): Promise<void> {
    const due = markers ? markers.filter(({ on }) => on === key) : [{}];
    for (const { stream, note } of due as readonly { stream?: string; note?: string }[]) {
      try {
        const open = sessions.list({ state: 'open', limit: 200, stream }).sessions;
        for (const { id } of open) await sessions.addMarker(id, { note });
        if (open.length === 0) logger.warn(`No session runs, so the MIDI input's ${key} set no marker.`);
      } catch (error) {
        logger.warn(`The MIDI input's ${key} set no marker: ${(error as Error).message}`);
      }
    }
  }
}

/** Returns `note/60` or `cc/64` for a message with which a key or a pedal goes down. */
export function createPressed(): (bytes: readonly number[]) => string | undefined {
  const down = new Set<string>();
  return ([status = 0, number = 0, value = 0]) => {
    const type = status & 0xf0;
    if (type === NOTE_ON) return value > 0 ? `note/${number}` : undefined;
    if (type !== CONTROL_CHANGE) return undefined;
    const key = `cc/${number}`;
    if (value < UP) down.delete(key);
    if (value < DOWN || down.has(key)) return undefined;
    down.add(key);
    return key;
  };
}
