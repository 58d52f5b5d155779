import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { AlertRule } from '../../../src/client/index.ts';
import { t } from '../../state/i18n.ts';

export interface RuleFormProps {
  /** Names of the other rules. */
  readonly taken: readonly string[];
  readonly busy: boolean;
  readonly onTry: (rule: AlertRule) => void;
  /** True if the rule was saved. */
  readonly onAdd: (rule: AlertRule) => Promise<boolean>;
}

const KINDS = ['arousal', 'valence', 'silence', 'speech', 'change', 'source-lost'] as const;
type Kind = (typeof KINDS)[number];

/** A rule in plain fields; it is tried and saved as one. */
export function RuleForm({ taken, busy, onTry, onAdd }: RuleFormProps) {
  const kind = useSignal<Kind>('silence');
  const side = useSignal<'over' | 'under'>('under');
  const level = useSignal('-0.3');
  const rate = useSignal('0.2');
  const seconds = useSignal('30');
  const name = useSignal('');
  const form = useId();
  const field = (key: string) => `${form}-${key}`;

  const rule = (): AlertRule => {
    const common = { name: name.peek().trim() || freeName(kind.peek(), taken) };
    const span = `${seconds.peek()}s`;
    const now = kind.peek();
    switch (now) {
      case 'valence':
      case 'arousal':
        return { ...common, when: now, [side.peek()]: Number(level.peek()), for: span };
      case 'silence':
      case 'speech':
        return { ...common, when: now, for: span };
      case 'change':
        return { ...common, when: now, axis: 'both', over: Number(rate.peek()), within: '5s' };
      case 'source-lost':
        return { ...common, when: now };
    }
  };
  const isLevel = kind.value === 'valence' || kind.value === 'arousal';
  const hasSpan = kind.value !== 'source-lost' && kind.value !== 'change';
  return (
    <form
      class="setup-form"
      onSubmit={(event) => {
        event.preventDefault();
        void onAdd(rule()).then((saved) => {
          if (saved) name.value = '';
        });
      }}
    >
      <div class="setup-fields">
        <div class="setup-field">
          <label for={field('kind')}>{t('alerts.alertWhen')}</label>
          <select
            id={field('kind')}
            class="text-input"
            value={kind.value}
            onChange={(event) => {
              kind.value = event.currentTarget.value as Kind;
            }}
          >
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {t(`alerts.kind.${one}`)}
              </option>
            ))}
          </select>
        </div>
        {isLevel && (
          <>
            <div class="setup-field">
              <label for={field('side')}>{t('alerts.side')}</label>
              <select
                id={field('side')}
                class="text-input"
                value={side.value}
                onChange={(event) => {
                  side.value = event.currentTarget.value as 'over' | 'under';
                }}
              >
                <option value="under">{t('alerts.under')}</option>
                <option value="over">{t('alerts.over')}</option>
              </select>
            </div>
            <NumberField
              id={field('level')}
              label={t('alerts.level')}
              value={level}
              min={-1}
              max={1}
              step={0.05}
            />
          </>
        )}
        {kind.value === 'change' && (
          <NumberField
            id={field('rate')}
            label={t('alerts.rate')}
            value={rate}
            min={0.01}
            max={2}
            step={0.01}
          />
        )}
        {hasSpan && (
          <NumberField
            id={field('for')}
            label={t('alerts.forSeconds')}
            value={seconds}
            min={1}
            max={86_400}
            step={1}
          />
        )}
        <div class="setup-field">
          <label for={field('name')}>{t('setup.name')}</label>
          <input
            id={field('name')}
            class="text-input"
            type="text"
            pattern="[a-z0-9][a-z0-9._\-]*"
            maxLength={64}
            autocomplete="off"
            title={t('setup.nameForm')}
            placeholder={freeName(kind.value, taken)}
            value={name.value}
            onInput={(event) => {
              name.value = event.currentTarget.value;
            }}
          />
        </div>
      </div>
      <div class="setup-actions">
        <button type="button" class="button" disabled={busy} onClick={() => onTry(rule())}>
          {t('alerts.tryYesterday')}
        </button>
        <button type="submit" class="button button-primary" disabled={busy}>
          {t('alerts.add')}
        </button>
      </div>
    </form>
  );
}

interface NumberFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: { value: string };
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

function NumberField({ id, label, value, min, max, step }: NumberFieldProps) {
  return (
    <div class="setup-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="text-input"
        type="number"
        required
        {...{ min, max, step }}
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
    </div>
  );
}

/** `silence`, or `silence-2` if there is one already. */
function freeName(kind: Kind, taken: readonly string[]): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? kind : `${kind}-${i}`;
    if (!taken.includes(name)) return name;
  }
}
