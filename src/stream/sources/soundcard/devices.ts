import { UserError } from '../../../user-error.ts';
import { FRAME_KINDS, parsePayload } from './protocol.ts';
import { spawnRecorder } from './spawn-recorder.ts';

/** An audio input, as PortAudio describes it. */
export interface Device {
  readonly index: number;
  readonly name: string;
  readonly hostApi: string;
  /** Maximum number of input channels. */
  readonly channels: number;
  readonly defaultRateHz: number;
  readonly isDefault: boolean;
}

const LIST_TIMEOUT_MS = 10_000;
const DEFAULT_INPUT_TIMEOUT_MS = 4000;

/**
 * The audio inputs of this computer, listed by a separate process.
 *
 * @throws UserError `no-naudiodon` if sound cards cannot be used; `soundcard-fault` if the sound system does not
 *   answer
 */
export async function listDevices(timeoutMs: number = LIST_TIMEOUT_MS): Promise<Device[]> {
  const recorder = spawnRecorder(['devices']);
  const timer = setTimeout(recorder.kill, timeoutMs);
  try {
    for await (const frame of recorder.frames) {
      if (frame.kind === FRAME_KINDS.devices) return parsePayload<Device[]>(frame);
    }
  } finally {
    clearTimeout(timer);
    recorder.kill();
  }
  const message = `The sound system of this computer did not list its devices within ${timeoutMs / 1000} s: check that its audio service runs.`;
  throw new UserError('soundcard-fault', message);
}

/** Whether `soundcard:` would find an input. It never throws, and returns within seconds. */
export async function hasDefaultInput(): Promise<boolean> {
  try {
    return (await listDevices(DEFAULT_INPUT_TIMEOUT_MS)).some((device) => device.isDefault);
  } catch {
    return false;
  }
}

/**
 * Finds the device that a user named: empty for the default, else an index, the exact name, or a part of a name
 * that matches one device only.
 *
 * @throws UserError `no-device` with the list of devices
 */
export function chooseDevice(devices: readonly Device[], wanted: string): Device {
  if (wanted === '') {
    const device = devices.find((candidate) => candidate.isDefault);
    if (device) return device;
    const message = `This computer has no default audio input. ${listed(devices)}`;
    throw new UserError('no-device', message, { values: { reason: 'no-default' } });
  }
  const lower = wanted.toLowerCase();
  const exact = devices.find((device) => device.name === wanted || String(device.index) === wanted);
  const parts = devices.filter((device) => device.name.toLowerCase().includes(lower));
  const device = exact ?? (parts.length === 1 ? parts[0] : undefined);
  if (device) return device;
  const problem =
    parts.length > 1 ? `"${wanted}" matches several audio inputs` : `There is no audio input "${wanted}"`;
  const reason = parts.length > 1 ? 'ambiguous' : 'unknown';
  const message = `${problem}. ${listed(parts.length > 1 ? parts : devices)}`;
  throw new UserError('no-device', message, { values: { reason, device: wanted } });
}

function listed(devices: readonly Device[]): string {
  if (devices.length === 0) return 'It has no audio inputs: connect one, then run "undertone devices".';
  return `Choose one of: ${devices.map((device) => `"${device.name}"`).join(', ')}.`;
}
