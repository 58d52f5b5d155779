import { useEffect } from 'preact/hooks';
import { shortcutsOn } from '../state/shortcuts.ts';

/** Actions by key, as `KeyboardEvent.key` in lower case. */
export type Keys = Readonly<Record<string, () => void>>;

/** Single-key shortcuts while the component is mounted. Off while the user types or a dialog is open. */
export function useKeys(keys: Keys): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      // Only characters can be typed by accident: arrow keys and the space bar stay.
      if (!shortcutsOn.peek() && event.key !== ' ' && event.key.length === 1) return;
      const act = keys[event.key.toLowerCase()];
      if (act === undefined || isTaken(event.target as Element | null, event.key)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}

/** Whether the focused element needs the key itself. */
function isTaken(target: Element | null, key: string): boolean {
  if (document.querySelector('dialog[open]') !== null) return true;
  if (target === null) return false;
  if (
    target.closest(
      'input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]',
    )
  )
    return true;
  if (key === ' ') return target.closest('button, a, summary, [type=radio], [type=checkbox]') !== null;
  return key.startsWith('Arrow') && target.closest('[type=range], [type=radio]') !== null;
}
