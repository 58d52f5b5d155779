import { signal } from '@preact/signals';
import type { AudioSender, SenderState } from '../../src/client/index.ts';
import { client } from '../live/client.ts';
import { choose } from '../state/store.ts';
import { type Capture, captureMicrophone, explainCaptureError } from './capture.ts';
import { microphoneStream } from './stream-name.ts';

export type Microphone =
  | { readonly state: 'off' }
  | { readonly state: 'asking' }
  | { readonly state: 'connecting' | 'sending' | 'waiting'; readonly stream: string }
  | { readonly state: 'failed'; readonly message: string };

export const microphone = signal<Microphone>({ state: 'off' });
/** Whole seconds of audio that a slow network made us skip. */
export const microphoneSkipped = signal(0);

let capture: Capture | null = null;
let sender: AudioSender | null = null;
/** Counts starts and stops, so that an answer to an abandoned start is thrown away. */
let turn = 0;

export async function startMicrophone(): Promise<void> {
  if (navigator.mediaDevices === undefined) {
    const message =
      'Browsers give the microphone only to https pages and to localhost: open this page that way.';
    microphone.value = { state: 'failed', message };
    return;
  }
  const mine = ++turn;
  microphone.value = { state: 'asking' };
  microphoneSkipped.value = 0;
  const onPcm = (pcm: ArrayBuffer) => {
    sender?.send(pcm);
    microphoneSkipped.value = Math.floor(sender?.skippedSeconds ?? 0);
  };
  const onEnded = () => fail('The microphone was unplugged or taken away: plug it in, then try again.');
  try {
    const started = await captureMicrophone({ onPcm, onEnded });
    if (mine !== turn) {
      started.stop();
      return;
    }
    capture = started;
  } catch (error) {
    if (mine === turn) fail(explainCaptureError(error));
    return;
  }
  const stream = microphoneStream();
  let shown = false;
  const onState = (now: SenderState) => {
    if (now.state === 'refused') return fail(now.error.message);
    // Who sends wants to see it, but only once: after a reconnection they may be looking at something else.
    if (now.state === 'sending' && !shown) {
      shown = true;
      choose(stream);
    }
    microphone.value = { state: now.state, stream };
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
  turn++;
  sender?.close();
  capture?.stop();
  sender = null;
  capture = null;
}
