import { existsSync } from 'node:fs';

/** One direction of MIDI, as the package offers it: `Output` or `Input`. */
interface Ports {
  getPortCount(): number;
  getPortName(port: number): string;
  openPort(port: number): void;
  openVirtualPort(name: string): void;
  destroy(): void;
}

export interface MidiOut extends Ports {
  sendMessage(bytes: number[]): void;
}

export interface MidiIn extends Ports {
  on(event: 'message', listener: (seconds: number, bytes: number[]) => void): unknown;
}

/** The part of the package @julusian/midi that is used. */
export interface Midi {
  readonly Output: new () => MidiOut;
  readonly Input: new () => MidiIn;
}

/** A port that is open. */
export interface MidiPort<Direction> {
  readonly port: Direction;
  /** Its name in the system. */
  readonly name: string;
  /** Resolves with the reason when the device is gone. */
  readonly lost: Promise<string>;
  close(): void;
}

const VIRTUAL_NAME = 'undertone';
const WATCH_MS = 2_000;
const SEQUENCER = '/dev/snd/seq';

/**
 * Opens a MIDI output.
 *
 * @param name part of the name of a port, in any case; empty: a virtual port `undertone`, which other programs connect to
 * @throws Error with a sentence: there is no MIDI system, or no such port
 */
export const openMidiOut = async (name: string): Promise<MidiPort<MidiOut>> =>
  open((await loadMidi()).Output, 'output', name);

/** Opens a MIDI input, like `openMidiOut`. */
export const openMidiIn = async (name: string): Promise<MidiPort<MidiIn>> =>
  open((await loadMidi()).Input, 'input', name);

/** The names of all ports. @throws Error with a sentence if there is no MIDI system */
export async function midiPorts(): Promise<{ readonly outputs: string[]; readonly inputs: string[] }> {
  const { Output, Input } = await loadMidi();
  return { outputs: listPorts(Output), inputs: listPorts(Input) };
}

function listPorts(Direction: new () => Ports): string[] {
  const port = create(Direction);
  try {
    return namesOf(port);
  } finally {
    port.destroy();
  }
}

function open<Direction extends Ports>(
  Direction: new () => Direction,
  what: 'output' | 'input',
  name: string,
): MidiPort<Direction> {
  const port = create(Direction);
  try {
    if (name === '') {
      if (process.platform === 'win32')
        throw new Error(
          'Windows has no virtual MIDI ports: name a port, for example of the program loopMIDI',
        );
      port.openVirtualPort(VIRTUAL_NAME);
      return { port, name: VIRTUAL_NAME, lost: new Promise<string>(() => {}), close: () => port.destroy() };
    }
    const names = namesOf(port);
    const at = names.findIndex((one) => one.toLowerCase().includes(name.toLowerCase()));
    if (at < 0) {
      const others = names.length > 0 ? `expected one of ${names.join(', ')}` : 'there are no ports';
      throw new Error(`no MIDI ${what} has "${name}" in its name: ${others}`);
    }
    port.openPort(at);
    const watch = watchPort(port, names[at]!);
    return {
      port,
      name: names[at]!,
      lost: watch.lost,
      close() {
        watch.stop();
        port.destroy();
      },
    };
  } catch (error) {
    port.destroy();
    throw error;
  }
}

/** @throws Error with a sentence if the package or the system's MIDI is missing */
async function loadMidi(): Promise<Midi> {
  // Asked for first, since the system's library prints its own errors.
  if (process.platform === 'linux' && !existsSync(SEQUENCER))
    throw new Error(
      `this computer has no MIDI system: ${SEQUENCER} is missing, which the kernel module snd-seq makes`,
    );
  try {
    const { default: midi } = await import('@julusian/midi');
    return midi as unknown as Midi;
  } catch (cause) {
    throw new Error('MIDI is not installed: run "npm install @julusian/midi"', { cause });
  }
}

function create<Direction>(Direction: new () => Direction): Direction {
  try {
    return new Direction();
  } catch (cause) {
    throw new Error('this computer has no MIDI system', { cause });
  }
}

const namesOf = (port: Ports): string[] =>
  Array.from({ length: port.getPortCount() }, (_, at) => port.getPortName(at));

/** An unplugged device is only noticed by its name, which is missing from the list of ports. */
function watchPort(port: Ports, name: string) {
  let timer: NodeJS.Timeout | undefined;
  const lost = new Promise<string>((resolve) => {
    timer = setInterval(() => {
      try {
        if (!namesOf(port).includes(name)) resolve(`${name} was disconnected`);
      } catch (error) {
        resolve((error as Error).message); // The system's MIDI is gone.
      }
    }, WATCH_MS).unref();
  });
  return { lost, stop: () => clearInterval(timer) };
}
