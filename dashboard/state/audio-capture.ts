// Vite builds the worklet as a file of its own and gives its URL: a strict script-src 'self' allows that.
import { t } from './i18n.ts';
import workletUrl from './mono-worklet.ts?worker&url';

export interface Capture {
  readonly sampleRateHz: number;
  stop(): void;
}

/** What is captured: a microphone, by default the browser's, or the sound of a tab that the user picks. */
export type CaptureInput =
  | { readonly kind: 'microphone'; readonly deviceId?: string }
  | { readonly kind: 'tab' };

export interface CaptureOptions {
  readonly input: CaptureInput;
  /** Mono s16le; the receiver owns the buffer. */
  readonly onPcm: (pcm: ArrayBuffer) => void;
  /** The device was disconnected, or taken away by the browser. */
  readonly onEnded: () => void;
}

/** The browser's own processing is made for calls and distorts music: it changes the level, mutes quiet passages. */
const UNPROCESSED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** Captures a microphone or a tab, unprocessed. */
export async function captureAudio({ input, onPcm, onEnded }: CaptureOptions): Promise<Capture> {
  const media = await openMedia(input);
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

async function openMedia(input: CaptureInput): Promise<MediaStream> {
  if (input.kind === 'microphone') {
    const device = input.deviceId === undefined ? {} : { deviceId: { exact: input.deviceId } };
    return navigator.mediaDevices.getUserMedia({ audio: { ...UNPROCESSED, ...device } });
  }
  // Browsers share sound only together with a picture, which is not used.
  const media = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: UNPROCESSED });
  for (const track of media.getVideoTracks()) track.stop();
  if (media.getAudioTracks().length > 0) return media;
  throw new DOMException('', 'NoSoundError');
}

/** One sentence for the user about a rejected `captureAudio`. */
export function captureError(error: unknown, { kind }: CaptureInput): string {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  switch (name) {
    case 'NotAllowedError':
      return kind === 'tab' ? t('capture.tabRefused') : t('capture.blocked');
    case 'NoSoundError':
      return t('capture.noTabSound');
    case 'NotFoundError':
      return t('capture.none');
    case 'NotReadableError':
      return t('capture.busy');
    default:
      return t('capture.failed', { message });
  }
}
