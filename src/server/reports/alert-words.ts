import type { ReportLanguage } from '../../sessions/report/languages/report-language.ts';
import type { StreamEvent } from '../../types.ts';

/** What raised an alert, in the language of a report; an alert that older versions stored keeps its sentence. */
export function alertWords(event: StreamEvent, { texts, plain }: ReportLanguage): string {
  const condition = 'condition' in event ? event.condition : undefined;
  const { day } = texts;
  switch (condition?.when) {
    case 'valence':
    case 'arousal': {
      const { over, under = 0 } = condition;
      const [words, level] = over === undefined ? [day.under, under] : [day.over, over];
      return words(texts[condition.when], number(level, plain), spanOf(condition.for));
    }
    case 'silence':
      return day.silenceFor(spanOf(condition.for));
    case 'speech':
      return day.speechFor(spanOf(condition.for));
    case 'source-lost':
      return day.sourceLost;
    case 'change': {
      const axis = condition.axis === 'both' ? day.bothAxes : texts[condition.axis];
      return day.changes(axis, number(condition.over, plain), spanOf(condition.within));
    }
    default:
      return event.message;
  }
}

/** With as many decimals as it has, at most three. */
function number(value: number, plain: ReportLanguage['plain']): string {
  const decimals = String(Math.round(Math.abs(value) * 1000) / 1000).split('.')[1]?.length ?? 0;
  return `${value < 0 ? '−' : ''}${plain(Math.abs(value), decimals)}`;
}

/** `90s` is "90 s", `5m` is "5 min". */
const spanOf = (span: string): string =>
  span.replace(/^([\d.]+) *m$/, '$1 min').replace(/^([\d.]+) *([a-z]+)$/, '$1 $2');
