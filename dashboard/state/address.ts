import { effect } from '@preact/signals';
import { chosen } from './store.ts';

/** Keeps the chosen stream in the address (`#stream=booth`), so that a wall display can be bookmarked. */
export function followAddress(): void {
  const read = () => {
    const name = new URLSearchParams(location.hash.slice(1)).get('stream');
    if (name !== null) chosen.value = name;
  };
  read();
  addEventListener('hashchange', read);
  effect(() => {
    if (chosen.value !== null) history.replaceState(null, '', `#stream=${encodeURIComponent(chosen.value)}`);
  });
}
