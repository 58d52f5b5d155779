import type { DeviceList, InputLevels, SourceKinds } from '../server/inputs/schema.ts';
import { createInbox } from './inbox.ts';
import { type Address, ApiError, request, requestJson } from './request.ts';
import { OPEN, openSocket, refusalOf, webSocketConstructor } from './web-socket.ts';

/** The part of the client for what streams can be made of. */
export function inputsOf(address: Address) {
  return {
    /** The kinds of sources, and which of them clients may add. */
    sources: () => requestJson<SourceKinds>(address, 'GET', 'v1/sources'),
    /** The sound inputs of the server's computer. */
    devices: () => requestJson<DeviceList>(address, 'GET', 'v1/devices'),
    /**
     * The level of each channel of an input, ten times a second, while the caller iterates. A slow caller gets the
     * newest levels each time, with the highest peaks since the last ones.
     */
    levels: (device: string, signal?: AbortSignal) => inputLevels(address, device, signal),
    /** The beginning of the demo piece, as a WAV file. */
    async demo(seconds = 120, signal?: AbortSignal): Promise<Blob> {
      return (await request(address, 'GET', 'v1/demo.wav', { query: { seconds }, signal })).blob();
    },
  };
}

/** Sent when the caller is done with the levels. */
const RECEIVED = JSON.stringify({ type: 'received' });

/** @throws ApiError if the input cannot be used, or the server refuses */
async function* inputLevels(
  address: Address,
  device: string,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<InputLevels['channels'], void> {
  const path = `v1/devices/${encodeURIComponent(device)}/levels`;
  const socket = openSocket(await webSocketConstructor(), address, path, { acknowledge: 'yes' });
  const inbox = createInbox(socket);
  const end = () => inbox.end();
  signal.addEventListener('abort', end);
  try {
    for await (const text of inbox) {
      const message = JSON.parse(text) as
        | InputLevels
        | { readonly type: 'error'; readonly code: string; readonly message: string };
      if (signal.aborted) return;
      if (message.type === 'levels') {
        yield message.channels;
        if (socket.readyState === OPEN) socket.send(RECEIVED);
      } else if (message.code !== 'ended') throw new ApiError(0, message.code, message.message);
    }
  } finally {
    signal.removeEventListener('abort', end);
    inbox.end();
  }
  const refusal = inbox.opened ? undefined : await refusalOf(address, path, { signal });
  if (refusal && !signal.aborted) throw refusal;
}
