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
