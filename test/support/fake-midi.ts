import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';

type Listener = (seconds: number, bytes: number[]) => void;

/** What the fake of the package @julusian/midi has: its ports, what was sent, and the inputs that are open. */
export const fakeMidi = {
  ports: ['Midi Through', 'USB Foot Pedal'],
  sent: [] as { readonly port: string; readonly bytes: number[] }[],
  open: new Set<string>(),
  /** Whether nothing can be sent any more, as of a device that is gone. */
  fails: false,
  listeners: new Set<Listener>(),
  /** A message of a device. */
  receive(...bytes: number[]) {
    for (const listener of fakeMidi.listeners) listener(0, bytes);
  },
};

class Ports {
  #port = '';
  #listener: Listener | undefined;
  getPortCount = () => fakeMidi.ports.length;
  getPortName = (port: number) => fakeMidi.ports[port]!;
  openPort(port: number) {
    this.openVirtualPort(fakeMidi.ports[port]!);
  }
  openVirtualPort(name: string) {
    this.#port = name;
    fakeMidi.open.add(name);
  }
  on(_event: 'message', listener: Listener) {
    this.#listener = listener;
    fakeMidi.listeners.add(listener);
  }
  sendMessage(bytes: number[]) {
    if (fakeMidi.fails) throw new Error('the device is gone');
    fakeMidi.sent.push({ port: this.#port, bytes });
  }
  destroy() {
    fakeMidi.open.delete(this.#port);
    if (this.#listener) fakeMidi.listeners.delete(this.#listener);
  }
}

const FAKE_PACKAGE = { default: { Output: Ports, Input: Ports } };

/** Sets package and system for the tests of a file: only on Linux is a device file looked for. */
export function useFakeMidi(): void {
  const { platform } = process;
  const set = (value: string) => Object.defineProperty(process, 'platform', { value });
  beforeAll(() => void vi.doMock('@julusian/midi', () => FAKE_PACKAGE));
  afterAll(() => void vi.doUnmock('@julusian/midi'));
  beforeEach(() => {
    set('darwin');
    fakeMidi.ports = ['Midi Through', 'USB Foot Pedal'];
    fakeMidi.sent.length = 0;
    fakeMidi.fails = false;
  });
  afterEach(() => {
    set(platform);
    vi.restoreAllMocks();
  });
}
