import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../../user-error.ts';
import type { Device } from './devices.ts';

interface HostApis {
  readonly defaultHostAPI: number;
  readonly HostAPIs: readonly { readonly id: number; readonly defaultInput: number }[];
}

export interface InputOptions {
  readonly deviceId: number;
  readonly sampleRate: number;
  readonly channelCount: number;
  readonly sampleFormat: number;
  readonly maxQueue: number;
  readonly framesPerBuffer: number;
  readonly closeOnError: boolean;
}

/** The samples of a read, or an error; the samples of a read with an error are lost. */
export interface ReadResult {
  readonly err?: string;
  readonly buf?: Buffer;
  readonly finished?: boolean;
}

export interface NativeInput {
  start(): void;
  read(bytes: number): Promise<ReadResult>;
}

interface Native {
  getDevices(): readonly {
    readonly id: number;
    readonly name: string;
    readonly maxInputChannels: number;
    readonly defaultSampleRate: number;
    readonly hostAPIName: string;
  }[];
  getHostAPIs(): HostApis;
  create(options: { inOptions: InputOptions }): NativeInput;
}

/** `SampleFormatFloat32` of naudiodon. */
export const FLOAT32 = 1;

/**
 * Loads only naudiodon's native part. Its JavaScript would install a handler that writes a crash log into the
 * working directory, and would end the stream at the first overflow instead of counting it.
 *
 * @throws UserError `no-naudiodon` if it is not installed or not compiled
 */
export function loadNaudiodon(): Native {
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(require.resolve('naudiodon/package.json'));
    return require(join(folder, 'build', 'Release', 'naudiodon.node')) as Native;
  } catch (cause) {
    const message =
      'Sound cards need the optional package naudiodon, which is not built here: install a C++ compiler, make and Python 3, then run "npm install --foreground-scripts", which shows why a build fails.';
    throw new UserError('no-naudiodon', message, { cause });
  }
}

/** All devices with inputs. PortAudio may crash here: call it in the recorder process only. */
export function readDevices(native: Native): Device[] {
  const { defaultHostAPI, HostAPIs } = native.getHostAPIs();
  const defaultInput = HostAPIs.find((api) => api.id === defaultHostAPI)?.defaultInput;
  return native
    .getDevices()
    .filter((device) => device.maxInputChannels > 0)
    .map((device) => ({
      index: device.id,
      name: device.name,
      hostApi: device.hostAPIName,
      channels: device.maxInputChannels,
      defaultRateHz: device.defaultSampleRate,
      isDefault: device.id === defaultInput,
    }));
}
