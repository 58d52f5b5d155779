import './target-fields.css';
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../state/i18n.ts';
import { MAX_STEPS, type TargetPlan, type TargetStep, withMoved, withStep } from '../state/target.ts';
import { PlaceFields } from './place-fields.tsx';
import { TargetPlane } from './target-plane.tsx';

const MAX_MINUTES = 600;

/**
 * From where a target leads through which places, and how long each step takes: by mood, by numbers, or with a click
 * on a small plane. Steps can be added, moved and removed.
 */
export function TargetFields({ plan }: { readonly plan: Signal<TargetPlan> }) {
  const { from, steps } = plan.value;
  const fields = useRef<HTMLDivElement>(null);
  /** The step that was in focus last: a click on the plane places it. */
  const chosen = useSignal(0);
  const active = steps.find(({ id }) => id === chosen.value) ?? steps.at(-1)!;
  /** The step to focus once it is there. */
  const focus = useRef<number | null>(null);
  useEffect(() => {
    if (focus.current === null) return;
    fields.current?.querySelector<HTMLElement>(`[data-step="${focus.current}"] select`)?.focus();
    focus.current = null;
  }, [steps]);
  const change = (step: TargetStep, part: Partial<TargetStep>) => {
    plan.value = {
      ...plan.peek(),
      steps: steps.map((one) => (one.id === step.id ? { ...one, ...part } : one)),
    };
  };
  const add = () => {
    plan.value = withStep(plan.peek());
    focus.current = plan.peek().steps.at(-1)!.id;
  };
  const remove = (step: TargetStep) => {
    const at = steps.indexOf(step);
    focus.current = (steps[at + 1] ?? steps[at - 1]!).id;
    plan.value = { ...plan.peek(), steps: steps.filter((one) => one !== step) };
  };
  return (
    <div class="target-fields" ref={fields}>
      <fieldset class="target-place">
        <legend>{t('target.from')}</legend>
        <PlaceFields
          name={t('target.from')}
          place={from}
          withReading
          onChange={(place) => {
            plan.value = { ...plan.peek(), from: place };
          }}
        />
      </fieldset>
      {steps.map((step, i) => (
        <Step
          key={step.id}
          step={step}
          number={i + 1}
          count={steps.length}
          onFocus={() => {
            chosen.value = step.id;
          }}
          onChange={(part) => change(step, part)}
          onMove={(by) => {
            plan.value = withMoved(plan.peek(), step.id, by);
          }}
          onRemove={() => remove(step)}
        />
      ))}
      <div class="target-more">
        <button type="button" class="button" disabled={steps.length >= MAX_STEPS} onClick={add}>
          {t('target.add')}
        </button>
        <p>{t('target.total', { minutes: steps.reduce((sum, { minutes }) => sum + minutes, 0) })}</p>
        {steps.length > 1 && <p>{t('target.pick', { number: steps.indexOf(active) + 1 })}</p>}
      </div>
      <TargetPlane plan={plan.value} active={active.id} onPick={(place) => change(active, place)} />
    </div>
  );
}

interface StepProps {
  readonly step: TargetStep;
  readonly number: number;
  readonly count: number;
  readonly onFocus: () => void;
  readonly onChange: (part: Partial<TargetStep>) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** One place of a target, the time to it, and buttons to move or remove it if it is not the only one. */
function Step({ step, number, count, onFocus, onChange, onMove, onRemove }: StepProps) {
  const name = count === 1 ? t('target.to') : t('target.step', { number });
  const move = (by: -1 | 1, arrow: string, label: string, isEnd: boolean) => (
    // It stays in focus at either end, so it is not disabled there.
    <button type="button" class="button" aria-label={label} aria-disabled={isEnd} onClick={() => onMove(by)}>
      <span aria-hidden="true">{arrow}</span>
    </button>
  );
  return (
    <fieldset class="target-place" data-step={step.id} onFocusCapture={onFocus}>
      <legend>{name}</legend>
      <PlaceFields name={name} place={step} onChange={onChange} />
      <div class="target-step">
        <label>
          {t('target.minutes')}
          <input
            class="text-input"
            type="number"
            required
            min={0.1}
            max={MAX_MINUTES}
            step={0.1}
            value={step.minutes}
            onInput={(event) => {
              const minutes = event.currentTarget.valueAsNumber;
              if (minutes > 0 && minutes <= MAX_MINUTES) onChange({ minutes });
            }}
          />
        </label>
        {count > 1 && (
          <>
            {move(-1, '↑', t('target.earlier', { number }), number === 1)}
            {move(1, '↓', t('target.later', { number }), number === count)}
            <button
              type="button"
              class="button"
              aria-label={t('target.removeStep', { number })}
              onClick={onRemove}
            >
              <span aria-hidden="true">×</span>
            </button>
          </>
        )}
      </div>
    </fieldset>
  );
}
