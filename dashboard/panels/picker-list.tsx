import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../state/i18n.ts';
import { moodWord } from '../state/mood-name.ts';
import { chosen, records, streamNames, updates } from '../state/streams.ts';

export interface PickerListProps {
  readonly id: string;
  readonly onChoose: (name: string) => void;
  readonly onCancel: () => void;
}

/** A search field and the matching streams, each with its state: a combobox with a listbox. */
export function PickerList({ id, onChoose, onCancel }: PickerListProps) {
  const search = useSignal('');
  const active = useSignal(chosen.peek());
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const wanted = search.value.trim().toLowerCase();
  const shown = streamNames.value.filter((name) => name.includes(wanted));
  const at = Math.max(0, shown.indexOf(active.value ?? ''));
  const activeName = shown[at];

  // In a layout effect, so that no key is lost, however fast the user types.
  useLayoutEffect(() => input.current?.focus(), []);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [activeName]);

  const move = (to: number) => {
    active.value = shown[Math.max(0, Math.min(shown.length - 1, to))] ?? null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(at + 1);
    else if (event.key === 'ArrowUp') move(at - 1);
    else if (event.key === 'PageDown') move(at + 8);
    else if (event.key === 'PageUp') move(at - 8);
    else if (event.key === 'Enter' && activeName !== undefined) onChoose(activeName);
    else if (event.key === 'Escape') onCancel();
    else return;
    event.preventDefault();
  };

  updates.value; // Renders again when a stream's state changes.
  return (
    <div class="picker-list">
      <input
        ref={input}
        class="picker-filter"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={activeName === undefined ? undefined : `${id}-${activeName}`}
        aria-label={t('picker.find')}
        placeholder={t('picker.find')}
        autocomplete="off"
        spellcheck={false}
        value={search.value}
        onInput={(event) => {
          search.value = event.currentTarget.value;
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id={id}
        ref={list}
        class="picker-options"
        role="listbox"
        aria-label={t('setup.streams')}
        // A press would move the focus out of the search field, which closes the list before the click.
        onMouseDown={(event) => event.preventDefault()}
      >
        {shown.map((name) => (
          // The search field keeps the focus and names the active row; rows take the pointer only.
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={name}
            id={`${id}-${name}`}
            role="option"
            class="picker-option"
            aria-selected={name === activeName}
            data-chosen={name === chosen.value}
            onPointerMove={() => {
              active.value = name;
            }}
            onClick={() => onChoose(name)}
          >
            <span class="picker-option-name">{name}</span>
            <span class="picker-option-state">{stateOf(name)}</span>
          </div>
        ))}
        {shown.length === 0 && <p class="picker-empty">{t('picker.noMatch', { text: wanted })}</p>}
      </div>
    </div>
  );
}

function stateOf(name: string): string {
  const known = records.get(name);
  if (known === undefined) return '';
  if (known.state === 'stopped') return t('picker.stopped');
  if (known.state === 'lost') return t('meter.noSound');
  return moodWord(known.last?.mood ?? known.last?.activity ?? '');
}
