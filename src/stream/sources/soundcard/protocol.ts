import { UserError } from '../../../user-error.ts';

/** An audio input as PortAudio names it. */
export interface Device {
  readonly index: number;
  readonly name: string;
  readonly hostApi: string;
  /** Most input channels. */
  readonly channels: number;
  readonly defaultRateHz: number;
  readonly isDefault: boolean;
}

/**
 * The device that a user's words mean: nothing is the default, then an index, the exact name, and a
 * part of a name where it fits one device only.
 *
 * @throws UserError `no-device`, listing the devices there are
 */
export function chooseDevice(devices: readonly Device[], wanted: string): Device {
  if (wanted === '') {
    const device = devices.find((candidate) => candidate.isDefault);
    if (device) return device;
    throw new UserError('no-device', `This computer has no default audio input. ${listed(devices)}`);
  }
  const lower = wanted.toLowerCase();
  const exact = devices.find((device) => device.name === wanted || String(device.index) === wanted);
  const parts = devices.filter((device) => device.name.toLowerCase().includes(lower));
  const device = exact ?? (parts.length === 1 ? parts[0] : undefined);
  if (device) return device;
  const problem =
    parts.length > 1 ? `"${wanted}" fits several audio inputs` : `There is no audio input "${wanted}"`;
  throw new UserError('no-device', `${problem}. ${listed(parts.length > 1 ? parts : devices)}`);
}

function listed(devices: readonly Device[]): string {
  if (devices.length === 0) return 'There are none at all: connect one, then see undertone devices.';
  return `Choose one of: ${devices.map((device) => `"${device.name}"`).join(', ')}.`;
}

/**
 * What the recorder process and the server say to each other: frames of 12 bytes of header, the payload
 * after it. Samples go as they are in memory, for both ends are the same machine.
 */

export const FRAME_KINDS = { ready: 0, audio: 1, error: 2, devices: 3 } as const;

export interface Frame {
  readonly kind: number;
  /** Samples per channel lost just before an audio frame. */
  readonly lost: number;
  readonly payload: Uint8Array;
}

const HEADER_BYTES = 12;

export function encodeFrame(kind: number, payload: Uint8Array, lost = 0): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, kind, true);
  view.setUint32(4, payload.length, true);
  view.setUint32(8, lost, true);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** Puts frames together from a pipe that cuts them anywhere. */
export class FrameReader {
  #bytes: Uint8Array = new Uint8Array(0);

  *push(piece: Uint8Array): Generator<Frame, void, undefined> {
    const joined = new Uint8Array(this.#bytes.length + piece.length);
    joined.set(this.#bytes);
    joined.set(piece, this.#bytes.length);
    let at = 0;
    while (joined.length - at >= HEADER_BYTES) {
      const view = new DataView(joined.buffer, at, HEADER_BYTES);
      const end = at + HEADER_BYTES + view.getUint32(4, true);
      if (joined.length < end) break;
      // A copy begins at offset 0, as a view of floats needs it.
      const payload = joined.slice(at + HEADER_BYTES, end);
      yield { kind: view.getUint32(0, true), lost: view.getUint32(8, true), payload };
      at = end;
    }
    this.#bytes = joined.subarray(at);
  }
}
