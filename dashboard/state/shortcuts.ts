import { signal } from '@preact/signals';

const KEY = 'undertone.shortcuts';

/** Whether single characters act as shortcuts; those who dictate or tremble can switch them off (WCAG 2.1.4). */
export const shortcutsOn = signal(stored());

export function setShortcuts(on: boolean): void {
  shortcutsOn.value = on;
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // Storage is blocked: the choice is lost on reload.
  }
}

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}
