import { useSignal } from '@preact/signals';
import type { AlertRule } from '../../../src/client/index.ts';
import { t } from '../../state/i18n.ts';
import { NameField, SelectField, serverName, TextField } from './field.tsx';

export interface RuleFormProps {
  /** Names of the other rules. */
  readonly taken: readonly string[];
  readonly busy: boolean;
  /** The rule in the form is another one now. */
  readonly onChange: () => void;
  readonly onTry: (rule: AlertRule) => void;
  /** True if the rule was saved. */
  readonly onAdd: (rule: AlertRule) => Promise<boolean>;
}

const KINDS = ['arousal', 'valence', 'silence', 'speech', 'change', 'source-lost'] as const;
type Kind = (typeof KINDS)[number];
/** Attributes of the fields for numbers. */
const NUMBER = { type: 'number', required: true } as const;

/** A rule in plain fields; it is tried and saved as one. */
export function RuleForm({ taken, busy, onChange, onTry, onAdd }: RuleFormProps) {
  const kind = useSignal<Kind>('silence');
  const side = useSignal<'over' | 'under'>('under');
  const level = useSignal('-0.3');
  const rate = useSignal('0.2');
  const seconds = useSignal('30');
  const name = useSignal('');

  const rule = (): AlertRule => {
    const common = { name: serverName(name.peek()) || freeName(kind.peek(), taken) };
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
      onInput={onChange}
      onSubmit={(event) => {
        event.preventDefault();
        void onAdd(rule()).then((saved) => {
          if (saved) name.value = '';
        });
      }}
    >
      <div class="setup-fields">
        <SelectField
          label={t('alerts.alertWhen')}
          value={kind}
          options={KINDS.map((one) => [one, t(`alerts.kind.${one}`)])}
        />
        {isLevel && (
          <>
            <SelectField
              label={t('alerts.side')}
              value={side}
              options={[
                ['under', t('alerts.under')],
                ['over', t('alerts.over')],
              ]}
            />
            <TextField label={t('alerts.level')} {...NUMBER} value={level} min={-1} max={1} step={0.05} />
          </>
        )}
        {kind.value === 'change' && (
          <TextField {...NUMBER} label={t('alerts.rate')} value={rate} min={0.01} max={2} step={0.01} />
        )}
        {hasSpan && (
          <TextField
            {...NUMBER}
            label={t('alerts.forSeconds')}
            value={seconds}
            min={1}
            max={86_400}
            step={1}
          />
        )}
        <NameField
          placeholder={freeName(kind.value, taken)}
          value={name}
          problem={taken.includes(serverName(name.value)) ? t('alerts.nameTaken') : ''}
        />
      </div>
      <div class="setup-actions">
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={(event) => event.currentTarget.form!.reportValidity() && onTry(rule())}
        >
          {t('alerts.tryYesterday')}
        </button>
        <button type="submit" class="button button-primary" disabled={busy}>
          {t('alerts.add')}
        </button>
      </div>
    </form>
  );
}

/** `silence`, or `silence-2` if there is one already. */
function freeName(kind: Kind, taken: readonly string[]): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? kind : `${kind}-${i}`;
    if (!taken.includes(name)) return name;
  }
}
