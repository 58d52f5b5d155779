import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../state/i18n.ts';

/** Which sessions are listed. Days as `2026-11-20`; empty: any. */
export interface SessionFilterValue {
  readonly text: string;
  readonly from: string;
  readonly to: string;
}

export const NO_FILTER: SessionFilterValue = { text: '', from: '', to: '' };

/** Time without a key after which the list is loaded. */
const TYPING_MS = 250;

/** The query of the API for a filter: whole days of this browser's time zone. */
export function queryOf({ text, from, to }: SessionFilterValue) {
  const startOf = (day: string, plusDays = 0) => {
    const date = new Date(`${day}T00:00`);
    date.setDate(date.getDate() + plusDays);
    return date.toISOString();
  };
  return {
    ...(text.trim() !== '' && { q: text.trim() }),
    ...(from !== '' && { from: startOf(from) }),
    ...(to !== '' && { to: startOf(to, 1) }),
  };
}

/** Searches the list of sessions by text and by day. */
export function SessionFilter({ onChange }: { readonly onChange: (filter: SessionFilterValue) => void }) {
  const filter = useSignal(NO_FILTER);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const set = (part: Partial<SessionFilterValue>) => {
    filter.value = { ...filter.peek(), ...part };
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(filter.peek()), TYPING_MS);
  };
  return (
    <search class="sessions-filter">
      <label>
        {t('sessions.search')}
        <input
          class="text-input"
          type="search"
          placeholder={t('sessions.searchIn')}
          maxLength={200}
          value={filter.value.text}
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </label>
      <label>
        {t('sessions.from')}
        <input
          class="text-input"
          type="date"
          value={filter.value.from}
          onInput={(event) => set({ from: event.currentTarget.value })}
        />
      </label>
      <label>
        {t('sessions.to')}
        <input
          class="text-input"
          type="date"
          value={filter.value.to}
          onInput={(event) => set({ to: event.currentTarget.value })}
        />
      </label>
    </search>
  );
}
