import { UserError } from '../../user-error.ts';
import type { Device } from './soundcard/protocol.ts';
import { FRAME_KINDS } from './soundcard/protocol.ts';
import { jsonOf, spawnRecorder } from './soundcard/spawn-recorder.ts';

export type { Device } from './soundcard/protocol.ts';

const LIST_TIMEOUT_MS = 10_000;
const DEFAULT_INPUT_TIMEOUT_MS = 4000;

/**
 * The audio inputs of this computer, asked for in a process of its own.
 *
 * @throws UserError `no-naudiodon` where sound cards cannot be used; `soundcard-fault` where the sound
 *   system does not answer
 */
export async function listDevices(timeoutMs: number = LIST_TIMEOUT_MS): Promise<Device[]> {
  const recorder = spawnRecorder(['devices']);
  const timer = setTimeout(recorder.kill, timeoutMs);
  try {
    for await (const frame of recorder.frames) {
      if (frame.kind === FRAME_KINDS.devices) return jsonOf<Device[]>(frame);
    }
  } finally {
    clearTimeout(timer);
    recorder.kill();
  }
  const message = `The sound system of this computer did not list its devices within ${timeoutMs / 1000} s: check that its audio service runs.`;
  throw new UserError('soundcard-fault', message);
}

/** True where `soundcard:` would find something to listen to; never throws, and answers within seconds. */
export async function hasDefaultInput(): Promise<boolean> {
  try {
    return (await listDevices(DEFAULT_INPUT_TIMEOUT_MS)).some((device) => device.isDefault);
  } catch {
    return false;
  }
}
