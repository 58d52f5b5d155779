import type { DeviceList, SourceKinds } from '../server/inputs/schema.ts';
import { type Address, addressOf, requestJson } from './request.ts';

/** The part of the client for what streams can be made of. */
export function inputsOf(address: Address) {
  return {
    /** The kinds of sources, and which of them clients may add. */
    sources: () => requestJson<SourceKinds>(address, 'GET', 'v1/sources'),
    /** The sound inputs of the server's computer. */
    devices: () => requestJson<DeviceList>(address, 'GET', 'v1/devices'),
    /** URL of the demo piece as a WAV file of that many seconds. */
    demoUrl: (seconds = 120) => addressOf(address, 'v1/demo.wav', 'http', { seconds }),
  };
}
