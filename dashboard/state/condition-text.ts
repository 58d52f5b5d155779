import type { AlertCondition } from '../../src/types.ts';
import { locale, t } from './i18n.ts';

/** A span as people write it: `90s` is "90 s", `5m` is "5 min". */
function spanText(span: string): string {
  const [, count, unit] = /^([\d.]+) *([a-z]+)$/.exec(span) ?? [];
  if (count === undefined) return span;
  const names: Readonly<Record<string, string>> = { ms: 'ms', s: 's', m: 'min', h: 'h', d: 'd' };
  return `${count} ${names[unit!] ?? unit}`;
}

/** 0.4, −0.25 as the language writes it. */
const levelText = (level: number): string =>
  `${level < 0 ? '−' : ''}${Math.abs(level).toLocaleString(locale(), { maximumFractionDigits: 3 })}`;

/** What a rule waits for, or what raised an alert, in words. */
export function conditionText(condition: AlertCondition): string {
  switch (condition.when) {
    case 'valence':
    case 'arousal':
      return t(condition.over === undefined ? 'rule.under' : 'rule.over', {
        axis: t(`axis.${condition.when}`),
        level: levelText(condition.over ?? condition.under ?? 0),
        span: spanText(condition.for),
      });
    case 'silence':
      return t('rule.silence', { span: spanText(condition.for) });
    case 'speech':
      return t('rule.speech', { span: spanText(condition.for) });
    case 'source-lost':
      return t('rule.lost');
    case 'change':
      return t('rule.change', {
        axis: condition.axis === 'both' ? t('axis.both') : t(`axis.${condition.axis}`),
        over: levelText(condition.over),
        span: spanText(condition.within),
      });
  }
}
