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
  change({ ...targets.peek(), [stream]: target });
}

/** Moves the target of a stream that was renamed. */
export function moveTarget(from: string, to: string): void {
  const { [from]: own, ...others } = targets.peek();
  if (own !== undefined) change({ ...others, [to]: own });
}

function change(to: Readonly<Record<string, Target>>): void {
  targets.value = to;
  store(KEY, JSON.stringify(to));
}
