// Vite builds the worklet as a file of its own and gives its URL: a strict script-src 'self' allows that.
import workletUrl from './mono-worklet.ts?worker&url';

export interface Capture {
  readonly sampleRateHz: number;
  stop(): void;
}

export interface CaptureOptions {
  /** Mono s16le; the receiver owns the buffer. */
  readonly onPcm: (pcm: ArrayBuffer) => void;
  /** The device was disconnected, or taken away by the browser. */
  readonly onEnded: () => void;
}

/**
 * Captures this computer's microphone unprocessed. The browser's own processing is made for calls and distorts
 * music (it changes the level, mutes quiet passages, removes steady tones as noise), so all of it is off.
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
    // The node outputs silence, but some browsers run only nodes that are connected to the destination.
    source.connect(mono).connect(context.destination);
    for (const track of media.getAudioTracks()) track.onended = onEnded;
    await context.resume();
  } catch (error) {
    stop();
    throw error;
  }
  return { sampleRateHz: context.sampleRate, stop };
}

/** One sentence for the user about a rejected `captureMicrophone`. */
export function captureError(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  switch (name) {
    case 'NotAllowedError':
      return 'The microphone is blocked: allow it next to the address bar, then try again.';
    case 'NotFoundError':
      return 'No microphone found: connect one, then try again.';
    case 'NotReadableError':
      return 'Another program is using the microphone: close it, then try again.';
    default:
      return `The microphone did not start (${message}).`;
  }
}
