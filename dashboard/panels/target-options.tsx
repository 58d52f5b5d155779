import './start-options.css';
import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { t } from '../state/i18n.ts';
import { useScene } from '../state/scene.ts';
import { setTarget } from '../state/session-actions.ts';
import type { TargetLeg } from '../state/target.ts';
import { placeOfMood } from '../state/target-presets.ts';
import { TargetFields, useReading } from './target-fields.tsx';

/** What a new target leads to, before anybody has chosen. */
export const DEFAULT_LEG: TargetLeg = {
  from: placeOfMood('neutral'),
  to: placeOfMood('calm'),
  minutes: 10,
};

/** A popover to set or remove the target of the session that runs. */
export function TargetOptions() {
  const { target } = useScene();
  const leg = useSignal(DEFAULT_LEG);
  const reading = useReading();
  const popover = useRef<HTMLFormElement>(null);
  const id = useId();
  const close = () => popover.current?.hidePopover();
  return (
    <>
      <button type="button" class="button start-more" popovertarget={id}>
        {t('target.button')}
      </button>
      <form
        id={id}
        ref={popover}
        class="start-options"
        popover="auto"
        aria-label={t('target.title')}
        onToggle={(event) => {
          if (event.newState === 'open' && reading !== null) leg.value = { ...leg.peek(), from: reading };
        }}
        onSubmit={(event) => {
          event.preventDefault();
          close();
          void setTarget(leg.peek());
        }}
      >
        <h3>{t('target.title')}</h3>
        <p>{t('target.hint')}</p>
        <TargetFields leg={leg} />
        <div class="start-actions">
          <button type="submit" class="button button-primary">
            {t('target.set')}
          </button>
          {target.value !== null && (
            <button
              type="button"
              class="button"
              onClick={() => {
                close();
                void setTarget(null);
              }}
            >
              {t('target.remove')}
            </button>
          )}
        </div>
      </form>
    </>
  );
}
