import { useSignal } from '@preact/signals';
import { t } from '../state/i18n.ts';
import { openSession } from '../state/open-session.ts';
import { useScene } from '../state/scene.ts';
import { secondsInto, setTarget } from '../state/session-actions.ts';
import { remainingPlan, type TargetPlan } from '../state/target.ts';
import { DEFAULT_PLAN } from '../state/target-presets.ts';
import { isNew } from '../state/unsaved.ts';
import { useReading } from './place-fields.tsx';
import { PopoverForm } from './popover-form.tsx';
import { TargetFields } from './target-fields.tsx';

/** A popover to set, change or remove the target of the session that runs. */
export function TargetOptions() {
  const { target } = useScene();
  const plan = useSignal<TargetPlan>(DEFAULT_PLAN);
  const reading = useReading();
  const open = () => {
    const session = openSession.peek();
    const remaining = session === null ? null : remainingPlan(session.target, secondsInto(session));
    plan.value = remaining ?? { ...DEFAULT_PLAN, ...(reading !== null && { from: reading }) };
  };
  return (
    <PopoverForm
      button={t('target.button')}
      title={t('target.title')}
      disabled={isNew(openSession.value?.id ?? '')}
      onOpen={open}
      onSubmit={() => void setTarget(plan.peek())}
    >
      {(close) => (
        <>
          <p>{t('target.hint')}</p>
          <TargetFields plan={plan} />
          <div class="form-actions">
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
        </>
      )}
    </PopoverForm>
  );
}
