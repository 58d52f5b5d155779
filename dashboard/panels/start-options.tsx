import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { t } from '../state/i18n.ts';
import { keptSession, refusedStart, startSession } from '../state/session-actions.ts';
import { tagsOf } from '../state/tags.ts';
import { DEFAULT_PLAN } from '../state/target-presets.ts';
import { useReading } from './place-fields.tsx';
import { PopoverForm } from './popover-form.tsx';
import { TargetFields } from './target-fields.tsx';

/** Minutes that a session may have begun ago. */
const MINUTES = [0, 2, 5, 10, 15, 30, 60] as const;

/** A popover to start a session with a title and tags, or late: it began some minutes ago. */
export function StartOptions({ disabled }: { disabled: boolean }) {
  // What was typed is there for the next try, also after the session seemed to run for a while.
  const before = useRef(refusedStart.peek()).current;
  const title = useSignal(before?.title ?? '');
  const tags = useSignal(before?.tags.join(', ') ?? '');
  const minutes = useSignal(before?.minutesAgo ?? 0);
  const withTarget = useSignal(false);
  const plan = useSignal(DEFAULT_PLAN);
  const reading = useReading();
  const start = async () => {
    const isStarted = await startSession({
      title: title.peek().trim(),
      tags: tagsOf(tags.peek()),
      minutesAgo: minutes.peek(),
      target: withTarget.peek() ? plan.peek() : null,
    });
    if (!isStarted) return;
    title.value = tags.value = '';
    minutes.value = 0;
    withTarget.value = false;
  };
  const kept = keptSession.value !== null;
  const action = t(kept ? 'session.startAgain' : 'session.start');
  return (
    <PopoverForm button={t('start.more')} title={action} disabled={disabled} onSubmit={() => void start()}>
      {() => (
        <>
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
          {!kept && (
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
          )}
          <label class="popover-check">
            <input
              type="checkbox"
              checked={withTarget.value}
              onChange={(event) => {
                withTarget.value = event.currentTarget.checked;
                if (reading !== null) plan.value = { ...plan.peek(), from: reading };
              }}
            />
            {t('target.with')}
          </label>
          {withTarget.value && <TargetFields plan={plan} />}
          <button type="submit" class="button button-primary">
            {action}
          </button>
        </>
      )}
    </PopoverForm>
  );
}
