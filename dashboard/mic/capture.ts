// Vite builds the worklet as a file of its own and gives its address: a strict script-src 'self' allows that.
import workletUrl from './mono-worklet.ts?worker&url';

export interface Capture {
  readonly sampleRateHz: number;
  stop(): void;
}

export interface CaptureOptions {
  /** Mono s16le; the memory belongs to the receiver. */
  readonly onPcm: (pcm: ArrayBuffer) => void;
  /** The device went away by itself. */
  readonly onEnded: () => void;
}

/**
 * This computer's microphone as the sound card gives it: the browser's own processing is made for calls and
 * mangles music (it pumps the level, gates quiet passages, takes steady tones for noise), so all of it is off.
 */
export async function captureMicrophone({ onPcm, onEnded }: CaptureOptions): Promise<Capture> {
  const media = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  const context = new AudioContext();
  const stop = () => {
    for (const track of media.getTracks()) track.stop();
    void context.close();
  };
  try {
    await context.audioWorklet.addModule(workletUrl);
    const source = context.createMediaStreamSource(media);
    const mono = new AudioWorkletNode(context, 'undertone-mono');
    mono.port.onmessage = (event: MessageEvent<ArrayBuffer>) => onPcm(event.data);
    // The node plays nothing, but only what leads to the loudspeakers is kept running by every browser.
    source.connect(mono).connect(context.destination);
    for (const track of media.getAudioTracks()) track.onended = onEnded;
    await context.resume();
  } catch (error) {
    stop();
    throw error;
  }
  return { sampleRateHz: context.sampleRate, stop };
}

/** One sentence for what kept the microphone from starting. */
export function explainCaptureError(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError') {
    return 'The browser was not allowed to use the microphone: allow it beside the address bar, then try again.';
  }
  if (name === 'NotFoundError')
    return 'This computer has no microphone that the browser can see: plug one in.';
  if (name === 'NotReadableError') return 'Another program holds the microphone: close it, then try again.';
  return `The microphone did not start (${error instanceof Error ? error.message : String(error)}).`;
}
