import type { AlertRule } from '../../../src/client/index.ts';
import { t } from '../../state/i18n.ts';

/** A span as people write it: `90s` is "90 s", `5m` is "5 min". */
function spanText(span: string): string {
  const [, count, unit] = /^([\d.]+) *([a-z]+)$/.exec(span) ?? [];
  if (count === undefined) return span;
  const names: Readonly<Record<string, string>> = { ms: 'ms', s: 's', m: 'min', h: 'h', d: 'd' };
  return `${count} ${names[unit!] ?? unit}`;
}

/** What a rule waits for, in words. */
export function ruleText(rule: AlertRule): string {
  switch (rule.when) {
    case 'valence':
    case 'arousal':
      return t(rule.over === undefined ? 'rule.under' : 'rule.over', {
        axis: t(`axis.${rule.when}`),
        level: rule.over ?? rule.under,
        span: spanText(rule.for),
      });
    case 'silence':
      return t('rule.silence', { span: spanText(rule.for) });
    case 'speech':
      return t('rule.speech', { span: spanText(rule.for) });
    case 'source-lost':
      return t('rule.lost');
    case 'change':
      return t('rule.change', {
        axis: rule.axis === 'both' ? t('axis.both') : t(`axis.${rule.axis}`),
        over: rule.over,
        span: spanText(rule.within),
      });
  }
}
