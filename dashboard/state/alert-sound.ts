import { signal } from '@preact/signals';

/**
 * The sound of alerts. Browsers play none on a page that nobody has clicked or pressed a key on, so a display that was
 * started by itself would stay silent.
 */

/** How long an allowed context may take to start. */
const START_MS = 1_000;
const TONE_SECONDS = 0.5;
const SECOND_TONE_SECONDS = 0.22;

/** Whether the browser waits for a click or a key before it plays anything. */
export const soundBlocked = signal(false);

let context: AudioContext | undefined;
let ending: ReturnType<typeof setTimeout> | undefined;

/** Plays two soft tones, a fourth apart, or sets `soundBlocked`. */
export async function playAlertSound(): Promise<void> {
  if (!(await isAllowed())) return;
  const { currentTime } = context!;
  [660, 880].forEach((frequency, i) => {
    const at = currentTime + i * SECOND_TONE_SECONDS;
    const gain = context!.createGain();
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.25, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + TONE_SECONDS);
    const tone = new OscillatorNode(context!, { frequency });
    tone.connect(gain).connect(context!.destination);
    tone.start(at);
    tone.stop(at + TONE_SECONDS);
  });
}

/** Finds out whether the browser plays sounds, and sets `soundBlocked`. */
export async function isAllowed(): Promise<boolean> {
  context ??= new AudioContext();
  clearTimeout(ending);
  // The promise waits for a click or a key where sound is not allowed.
  await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, START_MS))]);
  const allowed = context.state === 'running';
  soundBlocked.value = !allowed;
  if (allowed) suspendLater();
  for (const event of GESTURES) {
    if (allowed) document.removeEventListener(event, tryAgain, { capture: true });
    else document.addEventListener(event, tryAgain, { capture: true });
  }
  return allowed;
}

const GESTURES = ['pointerup', 'keydown'] as const;
const tryAgain = () => void isAllowed();

/** A running context keeps the sound card and a thread busy. */
function suspendLater(): void {
  clearTimeout(ending);
  ending = setTimeout(() => void context!.suspend(), 2_000);
}
