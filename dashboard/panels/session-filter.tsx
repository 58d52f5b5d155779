import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../state/i18n.ts';
import { type SessionFilterValue, sessionsHref } from '../state/session-search.ts';
import { searchSessions } from '../state/view.ts';

/** Time without a key after which the list is loaded. */
const TYPING_MS = 250;

/** Searches the list of sessions by text, tag and day. The search is in the address. */
export function SessionFilter({ filter }: { readonly filter: SessionFilterValue }) {
  const typed = useSignal(filter);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** The next change is a step of the history; those that follow in the same field belong to it. */
  const isNew = useRef(true);
  useEffect(() => () => clearTimeout(timer.current), []);
  const href = sessionsHref(filter);
  /** The address as it was found, or as it was set here. */
  const known = useRef(href);
  // The address changed by a link or the back button. What is typed meanwhile is newer than a change made here.
  useEffect(() => {
    if (href === known.current) return;
    known.current = href;
    clearTimeout(timer.current);
    typed.value = filter;
  }, [href]);
  const set = (part: Partial<SessionFilterValue>) => {
    typed.value = { ...typed.peek(), ...part };
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      known.current = sessionsHref(typed.peek());
      searchSessions(typed.peek(), isNew.current);
      isNew.current = false;
    }, TYPING_MS);
  };
  const { text, tag, from, to } = typed.value;
  return (
    <search
      class="sessions-filter"
      onFocusIn={() => {
        isNew.current = true;
      }}
    >
      <label>
        {t('sessions.search')}
        <input
          class="text-input"
          type="search"
          placeholder={t('sessions.searchIn')}
          maxLength={200}
          value={text}
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </label>
      <label>
        {t('sessions.from')}
        <input
          class="text-input"
          type="date"
          value={from}
          onInput={(event) => set({ from: event.currentTarget.value })}
        />
      </label>
      <label>
        {t('sessions.to')}
        <input
          class="text-input"
          type="date"
          value={to}
          onInput={(event) => set({ to: event.currentTarget.value })}
        />
      </label>
      {tag !== '' && (
        <a
          class="button sessions-tagged"
          href={sessionsHref({ ...typed.value, tag: '' })}
          aria-label={t('sessions.untag', { tag })}
        >
          {t('sessions.tagged', { tag })}
        </a>
      )}
    </search>
  );
}
