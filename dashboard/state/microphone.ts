import { signal } from '@preact/signals';
import type { AudioSender, SenderState } from '../../src/client/index.ts';
import { type Capture, type CaptureInput, captureAudio, captureError } from './audio-capture.ts';
import { client, errorMessage } from './client.ts';
import { t } from './i18n.ts';
import { store, stored } from './storage.ts';
import { choose } from './streams.ts';

export type Microphone =
  | { readonly state: 'off' }
  /** The browser asks for permission. */
  | { readonly state: 'asking' }
  | {
      readonly state: 'connecting' | 'sending' | 'waiting';
      readonly stream: string;
      readonly kind: CaptureInput['kind'];
    }
  | { readonly state: 'failed'; readonly message: string };

export const microphone = signal<Microphone>({ state: 'off' });
/** Whole seconds of audio skipped because the network was too slow. */
export const skippedSeconds = signal(0);

const KEY = 'undertone.microphone';

let capture: Capture | null = null;
let sender: AudioSender | null = null;
/** Counts starts and stops, so that a start that was canceled meanwhile has no effect. */
let generation = 0;

/** Sends this device's microphone, or the sound of a tab, to the server as a stream of its own. */
export async function startMicrophone(input: CaptureInput = { kind: 'microphone' }): Promise<void> {
  release();
  if (navigator.mediaDevices === undefined) return fail(t('capture.insecure'));
  const mine = ++generation;
  microphone.value = { state: 'asking' };
  skippedSeconds.value = 0;
  const onPcm = (pcm: ArrayBuffer) => {
    sender?.send(pcm);
    skippedSeconds.value = Math.floor(sender?.skippedSeconds ?? 0);
  };
  const onEnded = () => (input.kind === 'tab' ? stopMicrophone() : fail(t('capture.disconnected')));
  try {
    const started = await captureAudio({ input, onPcm, onEnded });
    if (mine !== generation) return started.stop();
    capture = started;
  } catch (error) {
    if (mine === generation) fail(captureError(error, input));
    return;
  }
  const stream = streamName(input.kind === 'tab' ? 'tab' : 'mic');
  let shown = false;
  const onState = (now: SenderState) => {
    if (now.state === 'refused') return fail(errorMessage(now.error));
    // Show the new stream, but only once: after a reconnection the user may be looking at another.
    if (now.state === 'sending' && !shown) {
      shown = true;
      choose(stream);
    }
    microphone.value = { state: now.state, stream, kind: input.kind };
  };
  sender = client.sendAudio(stream, { sampleRate: capture.sampleRateHz, onState });
}

export function stopMicrophone(): void {
  release();
  microphone.value = { state: 'off' };
}

function fail(message: string): void {
  release();
  microphone.value = { state: 'failed', message };
}

function release(): void {
  generation++;
  sender?.close();
  capture?.stop();
  sender = null;
  capture = null;
}

/** Name of this browser's stream, `mic-4f2a` or `tab-4f2a`: the same every time, different on each computer. */
function streamName(kind: 'mic' | 'tab'): string {
  const known = stored(KEY);
  if (known !== null) return `${kind}-${known.replace(/^mic-/, '')}`;
  const letters = crypto.getRandomValues(new Uint8Array(4));
  const fresh = Array.from(letters, (byte) => (byte % 36).toString(36)).join('');
  store(KEY, fresh);
  return `${kind}-${fresh}`;
}
