import { signal } from '@preact/signals';
import { store, stored } from './storage.ts';

const KEY = 'undertone.shortcuts';

/** Whether single characters act as shortcuts; those who dictate or tremble can switch them off (WCAG 2.1.4). */
export const shortcutsOn = signal(stored(KEY) !== 'off');

export function setShortcuts(on: boolean): void {
  shortcutsOn.value = on;
  store(KEY, on ? 'on' : 'off');
}
