import './alert-rules.css';
import { useSignal } from '@preact/signals';
import type { AlertPreview, AlertRule, AlertRules as RuleList } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { conditionText } from '../../state/condition-text.ts';
import { dateTime } from '../../state/dates.ts';
import { t } from '../../state/i18n.ts';
import { ConfirmButton, useConfirm } from '../confirm-button.tsx';
import { type Preloaded, useAttempt, useLoad } from '../use-load.ts';
import { AlertHistory, type AlertWeek } from './alert-history.tsx';
import { RuleForm } from './rule-form.tsx';
import { ErrorLine, Section } from './section.tsx';

export interface AlertRulesProps {
  readonly stream: string;
  readonly first: Preloaded<RuleList>;
  readonly past: Preloaded<AlertWeek>;
}

interface RulePreview extends AlertPreview {
  /** Name of the rule that was tried: it may be one of the list, or the one in the form. */
  readonly rule: string;
}

/** The alert rules of a stream: made here, tried on the last day of the log before they are saved. */
export function AlertRules({ stream, first, past }: AlertRulesProps) {
  const loaded = useLoad(() => client.streams.alerts(stream), [stream], first);
  const preview = useSignal<RulePreview | null>(null);
  const attempt = useAttempt();
  const trying = useAttempt();
  const { rules = [], from = 'config' } = loaded.value.value ?? {};
  const forget = () => {
    preview.value = null;
    trying.error.value = null;
  };
  /** Changes the rules that there are now: another page may have saved some since this one was opened. */
  const save = (change: (rules: readonly AlertRule[]) => readonly AlertRule[]) =>
    attempt.run(async () => {
      forget();
      const now = await client.streams.alerts(stream);
      loaded.value.value = await client.streams.setAlerts(stream, change(now.rules));
    });
  const tryOut = (rule: AlertRule) =>
    trying.run(async () => {
      forget();
      // Without a range: the last 24 hours by the server's clock.
      preview.value = { ...(await client.streams.previewAlerts(stream, [rule])), rule: rule.name };
    });
  return (
    <Section title={t('alerts.title')} hint={t('alerts.hint')}>
      {rules.length === 0 ? (
        <p class="setup-empty">{t('alerts.none')}</p>
      ) : (
        <ul class="setup-list">
          {rules.map((rule) => (
            <RuleRow
              key={rule.name}
              rule={rule}
              onTry={() => void tryOut(rule)}
              onRemove={() => void save((now) => now.filter(({ name }) => name !== rule.name))}
            />
          ))}
        </ul>
      )}
      {from === 'config' && rules.length > 0 && <p class="setup-hint">{t('alerts.fromConfig')}</p>}
      <ErrorLine text={loaded.error.value ?? attempt.error.value} />
      <RuleForm
        taken={rules.map(({ name }) => name)}
        busy={attempt.busy.value || trying.busy.value}
        onChange={forget}
        onTry={(rule) => void tryOut(rule)}
        onAdd={(rule) => save((now) => [...now, rule])}
      />
      <Preview preview={preview.value} busy={trying.busy.value} error={trying.error.value} />
      <AlertHistory stream={stream} first={past} />
    </Section>
  );
}

interface RuleRowProps {
  readonly rule: AlertRule;
  readonly onTry: () => void;
  readonly onRemove: () => void;
}

function RuleRow({ rule, onTry, onRemove }: RuleRowProps) {
  const remove = useConfirm(onRemove);
  return (
    <li class="setup-row">
      <div class="setup-row-text">
        <b>{rule.name}</b>
        <span class="setup-source">{conditionText(rule)}</span>
      </div>
      <div class="setup-row-actions">
        <button type="button" class="button" onClick={onTry}>
          {t('alerts.try')}
          <span class="visually-hidden"> {rule.name}</span>
        </button>
        <ConfirmButton
          confirm={remove}
          text={t('action.remove')}
          confirmText={t('action.removeNow')}
          object={rule.name}
        />
      </div>
    </li>
  );
}

interface PreviewProps {
  readonly preview: RulePreview | null;
  readonly busy: boolean;
  readonly error: string | null;
}

/** What a rule would have done in the last 24 hours. */
function Preview({ preview, busy, error }: PreviewProps) {
  const count = preview === null ? 0 : Object.values(preview.counts).reduce((sum, one) => sum + one, 0);
  return (
    <div class="setup-preview">
      <p role="status">
        {busy
          ? t('alerts.trying')
          : (error ??
            (preview === null
              ? ''
              : preview.frames === 0
                ? t('alerts.noLog')
                : t('alerts.wouldHave', { rule: preview.rule, count })))}
      </p>
      {preview !== null && preview.alerts.length > 0 && (
        <details>
          <summary>{t('alerts.when')}</summary>
          <ol>
            {preview.alerts.slice(0, 100).map(({ from, to }) => (
              <li key={from}>
                {to === null ? (
                  <time dateTime={from}>{dateTime(from)}</time>
                ) : (
                  t('chart.fromTo', { from: dateTime(from), to: dateTime(to) })
                )}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
