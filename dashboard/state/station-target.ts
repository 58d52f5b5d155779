import { signal } from '@preact/signals';
import { store, storedJson } from './storage.ts';

/** The point that a station wants to hold on average. */
export interface Target {
  readonly valence: number;
  readonly arousal: number;
}

const KEY = 'undertone.targets';
const DEFAULT: Target = { valence: 0.2, arousal: 0.1 };

/** By stream; on this device. */
const targets = signal((storedJson(KEY) ?? {}) as Readonly<Record<string, Target>>);

export const targetOf = (stream: string): Target => targets.value[stream] ?? DEFAULT;

export function setTarget(stream: string, target: Target): void {
  targets.value = { ...targets.peek(), [stream]: target };
  store(KEY, JSON.stringify(targets.peek()));
}
