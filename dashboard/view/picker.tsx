import './picker.css';
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { choose, chosen, names } from '../state/store.ts';
import { PickerList } from './picker-list.tsx';

/** The stream's name is the button that opens the list of all. */
export function Picker() {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const listId = useId();

  const close = (refocus: boolean) => {
    open.value = false;
    if (refocus) button.current?.focus();
  };
  useEffect(() => {
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) open.value = false;
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, []);

  return (
    <div class="picker" ref={root}>
      <button
        type="button"
        class="button picker-button"
        ref={button}
        aria-haspopup="listbox"
        aria-expanded={open.value}
        aria-controls={open.value ? listId : undefined}
        disabled={names.value.length === 0}
        onClick={() => {
          open.value = !open.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') open.value = true;
          else if (event.key === 'Escape') open.value = false;
          else return;
          event.preventDefault();
        }}
      >
        <span class="unseen">Stream: </span>
        <span class="picker-name">{chosen.value ?? 'no stream'}</span>
        <svg viewBox="0 0 12 8" aria-hidden="true">
          <path d="M1.5 1.5 6 6l4.5-4.5" fill="none" stroke="currentColor" stroke-width="2" />
        </svg>
      </button>
      {open.value && (
        <PickerList
          id={listId}
          onChoose={(name) => {
            choose(name);
            close(true);
          }}
          onCancel={() => close(true)}
        />
      )}
    </div>
  );
}
