import { computed, effect, signal } from '@preact/signals';
import { isAllowed, playAlertSound } from './alert-sound.ts';
import { store, storedJson } from './storage.ts';
import { alerts, type StreamAlert } from './streams.ts';

/**
 * What calls attention to alerts on this device: the tab's title and badge, and a sound. Which alerts were
 * acknowledged and which streams are mute is this device's own: others still see and hear them.
 */

interface Choices {
  readonly sound: boolean;
  /** Keys of acknowledged alerts. */
  readonly acknowledged: readonly string[];
  /** Until when streams are mute, in ms since 1970. */
  readonly mute: Readonly<Record<string, number>>;
}

const KEY = 'undertone.alerts';
const MAX_ACKNOWLEDGED = 500;

const choices = signal<Choices>({
  ...{ sound: false, acknowledged: [], mute: {} },
  ...(storedJson(KEY) as Partial<Choices> | undefined),
});
/** Changes when a mute may have ended. */
const nowMs = signal(Date.now());

const keyOf = ({ stream, alert, time }: StreamAlert): string => `${stream} ${alert} ${time}`;

export const soundOn = computed(() => choices.value.sound);
export const isAcknowledged = (alert: StreamAlert): boolean =>
  choices.value.acknowledged.includes(keyOf(alert));
/** Until when a stream is mute, in ms since 1970; null: it is not. */
export function muteUntil(stream: string): number | null {
  const until = choices.value.mute[stream];
  return until !== undefined && until > nowMs.value ? until : null;
}

/** Raised alerts that nobody at this device has acknowledged, of streams that are not mute. */
export const newAlerts = computed(() =>
  alerts.value.filter((alert) => !isAcknowledged(alert) && muteUntil(alert.stream) === null),
);

export function acknowledge(alert: StreamAlert): void {
  const acknowledged = [...choices.peek().acknowledged, keyOf(alert)].slice(-MAX_ACKNOWLEDGED);
  change({ ...choices.peek(), acknowledged });
}

/** Mutes a stream for some minutes; 0 ends it. */
export function mute(stream: string, minutes: number): void {
  nowMs.value = Date.now();
  const others = Object.entries(choices.peek().mute).filter(([, until]) => until > nowMs.peek());
  const until = nowMs.peek() + minutes * 60_000;
  change({ ...choices.peek(), mute: { ...Object.fromEntries(others), [stream]: until } });
}

/** Keeps a stream mute that was renamed. */
export function moveMute(from: string, to: string): void {
  const { [from]: until, ...others } = choices.peek().mute;
  if (until !== undefined) change({ ...choices.peek(), mute: { ...others, [to]: until } });
}

export function setSound(on: boolean): void {
  change({ ...choices.peek(), sound: on });
  if (on) void playAlertSound();
}

/** Keeps the tab's badge, and plays the sound for each new alert. */
export function callAttention(): void {
  setInterval(() => {
    nowMs.value = Date.now();
  }, 10_000);
  if (soundOn.peek()) void isAllowed();
  let known = new Set<string>();
  effect(() => {
    const keys = newAlerts.value.map(keyOf);
    const isNew = keys.some((key) => !known.has(key));
    known = new Set(keys);
    // An installed page shows the number on its icon.
    if ('setAppBadge' in navigator)
      void (keys.length > 0 ? navigator.setAppBadge(keys.length) : navigator.clearAppBadge()).catch(() => {});
    if (isNew && choices.peek().sound) void playAlertSound();
  });
}

function change(to: Choices): void {
  choices.value = to;
  store(KEY, JSON.stringify(to));
}
