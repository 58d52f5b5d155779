import './picker.css';
import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { t } from '../state/i18n.ts';
import { useScene } from '../state/scene.ts';
import { choose, chosen, streamNames } from '../state/streams.ts';
import { PickerList } from './picker-list.tsx';
import { useCloseOutside } from './use-close-outside.ts';

/** The stream's name, as a button that opens the list of streams. */
export function Picker() {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const listId = useId();

  const close = () => {
    open.value = false;
    button.current?.focus();
  };
  useCloseOutside(root, open);

  return (
    <div class="picker" ref={root}>
      <button
        type="button"
        class="button picker-button"
        ref={button}
        aria-haspopup="listbox"
        aria-expanded={open.value}
        aria-controls={open.value ? listId : undefined}
        disabled={streamNames.value.length === 0}
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
        <span class="visually-hidden">{t('server.stream')}: </span>
        <span class="picker-name clamped" title={chosen.value ?? undefined}>
          {chosen.value ?? t('status.noStream')}
        </span>
        <svg viewBox="0 0 12 8" aria-hidden="true">
          <path d="M1.5 1.5 6 6l4.5-4.5" fill="none" stroke="currentColor" stroke-width="2" />
        </svg>
      </button>
      {open.value && (
        <PickerList
          id={listId}
          onChoose={(name) => {
            choose(name);
            close();
          }}
          onCancel={close}
        />
      )}
    </div>
  );
}

/** The source of the stream or what is wrong with it, and the number of other streams. */
export function StreamNote() {
  const { note } = useScene().status.value;
  const others = streamNames.value.length - 1;
  const more = others < 1 ? '' : t('picker.others', { count: others });
  const text = [note, more].filter((part) => part !== '').join(' · ');
  return (
    <p class="stream-note clamped" title={text}>
      {text}
    </p>
  );
}
