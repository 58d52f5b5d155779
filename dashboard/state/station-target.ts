import { signal } from '@preact/signals';

/** The point that a station wants to hold on average. */
export interface Target {
  readonly valence: number;
  readonly arousal: number;
}

const KEY = 'undertone.targets';
const DEFAULT: Target = { valence: 0.2, arousal: 0.1 };

/** By stream; on this device. */
const targets = signal<Readonly<Record<string, Target>>>(stored());

export const targetOf = (stream: string): Target => targets.value[stream] ?? DEFAULT;

export function setTarget(stream: string, target: Target): void {
  targets.value = { ...targets.peek(), [stream]: target };
  try {
    localStorage.setItem(KEY, JSON.stringify(targets.peek()));
  } catch {
    // Storage is blocked: the target is lost on reload.
  }
}

function stored(): Readonly<Record<string, Target>> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, Target>;
  } catch {
    return {};
  }
}
