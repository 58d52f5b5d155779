import { computed, signal } from '@preact/signals';
import { store, stored, storedJson } from './storage.ts';

const KEY = 'undertone.markerKeys';
/** Keys 1 to 9. */
const MARKER_KEYS = 9;

/** The note of the marker that each of the keys 1 to 9 adds to an open session; empty: the key does nothing. */
export const markerLabels = signal<readonly string[]>(storedLabels());

export const hasLabels = computed(() => markerLabels.value.some((label) => label !== ''));

const FOOT_SWITCH_KEY = 'undertone.footSwitch';

/** The key that a foot-switch sends, as `KeyboardEvent.key` in lower case; it adds a marker as M does. Empty: none. */
export const footSwitch = signal(stored(FOOT_SWITCH_KEY) ?? '');

export function setFootSwitch(key: string): void {
  footSwitch.value = key.toLowerCase();
  store(FOOT_SWITCH_KEY, footSwitch.peek());
}

export function setMarkerLabel(index: number, label: string): void {
  markerLabels.value = markerLabels.peek().map((one, i) => (i === index ? label : one));
  store(KEY, JSON.stringify(markerLabels.peek()));
}

function storedLabels(): readonly string[] {
  const labels = storedJson(KEY);
  const known = Array.isArray(labels) ? labels : [];
  return Array.from({ length: MARKER_KEYS }, (_, i) => (typeof known[i] === 'string' ? known[i] : ''));
}
