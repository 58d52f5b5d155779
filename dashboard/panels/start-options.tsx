import './start-options.css';
import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { t } from '../state/i18n.ts';
import { startSession } from '../state/session-actions.ts';
import { TargetFields, useReading } from './target-fields.tsx';
import { DEFAULT_LEG } from './target-options.tsx';

/** Minutes that a session may have begun ago. */
const MINUTES = [0, 2, 5, 10, 15, 30, 60] as const;

/** A popover to start a session with a title and tags, or late: it began some minutes ago. */
export function StartOptions({ disabled }: { disabled: boolean }) {
  const title = useSignal('');
  const tags = useSignal('');
  const minutes = useSignal(0);
  const withTarget = useSignal(false);
  const leg = useSignal(DEFAULT_LEG);
  const reading = useReading();
  const popover = useRef<HTMLFormElement>(null);
  const id = useId();
  return (
    <>
      <button type="button" class="button start-more" popovertarget={id} disabled={disabled}>
        {t('start.more')}
      </button>
      <form
        id={id}
        ref={popover}
        class="start-options"
        popover="auto"
        aria-label={t('session.start')}
        onSubmit={(event) => {
          event.preventDefault();
          popover.current?.hidePopover();
          void startSession({
            title: title.peek().trim(),
            tags: tags
              .peek()
              .split(',')
              .map((tag) => tag.trim())
              .filter((tag) => tag !== ''),
            minutesAgo: minutes.peek(),
            target: withTarget.peek() ? leg.peek() : null,
          });
          title.value = tags.value = '';
          minutes.value = 0;
          withTarget.value = false;
        }}
      >
        <label>
          {t('session.title')}
          <input
            class="text-input"
            type="text"
            maxLength={200}
            autocomplete="off"
            value={title.value}
            onInput={(event) => {
              title.value = event.currentTarget.value;
            }}
          />
        </label>
        <label>
          {t('session.tags')}
          <input
            class="text-input"
            type="text"
            autocomplete="off"
            value={tags.value}
            onInput={(event) => {
              tags.value = event.currentTarget.value;
            }}
          />
        </label>
        <label>
          {t('start.began')}
          <select
            class="text-input"
            value={minutes.value}
            onChange={(event) => {
              minutes.value = Number(event.currentTarget.value);
            }}
          >
            {MINUTES.map((count) => (
              <option key={count} value={count}>
                {t('start.minutesAgo', { count })}
              </option>
            ))}
          </select>
        </label>
        <label class="start-check">
          <input
            type="checkbox"
            checked={withTarget.value}
            onChange={(event) => {
              withTarget.value = event.currentTarget.checked;
              if (reading !== null) leg.value = { ...leg.peek(), from: reading };
            }}
          />
          {t('target.with')}
        </label>
        {withTarget.value && <TargetFields leg={leg} />}
        <button type="submit" class="button button-primary">
          {t('session.start')}
        </button>
      </form>
    </>
  );
}
