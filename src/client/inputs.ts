import type { DeviceList, SourceKinds } from '../server/inputs/schema.ts';
import { type Address, request, requestJson } from './request.ts';

/** The part of the client for what streams can be made of. */
export function inputsOf(address: Address) {
  return {
    /** The kinds of sources, and which of them clients may add. */
    sources: () => requestJson<SourceKinds>(address, 'GET', 'v1/sources'),
    /** The sound inputs of the server's computer. */
    devices: () => requestJson<DeviceList>(address, 'GET', 'v1/devices'),
    /** The beginning of the demo piece, as a WAV file. */
    async demo(seconds = 120, signal?: AbortSignal): Promise<Blob> {
      return (await request(address, 'GET', 'v1/demo.wav', { query: { seconds }, signal })).blob();
    },
  };
}
