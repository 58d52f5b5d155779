import type { ActiveAlert, StreamEvent } from '../../src/types.ts';
import { conditionText } from './condition-text.ts';
import { elapsed } from './format.ts';
import { t } from './i18n.ts';

/** What raised an alert, in the language of the page; the server's own sentence if it sends nothing else. */
export const alertText = ({ condition, message }: Pick<ActiveAlert, 'condition' | 'message'>): string =>
  condition === undefined ? message : conditionText(condition);

/** What happened, in the language of the page where the event has more than a sentence of the server. */
export function eventText(event: StreamEvent): string {
  switch (event.type) {
    case 'alert-raised':
      return alertText(event);
    case 'alert-cleared':
      return event.condition === undefined || event.ended === undefined
        ? event.message
        : t(`alertEnd.${event.ended.because}`, {
            condition: conditionText(event.condition),
            time: elapsed(event.ended.seconds),
          });
    default:
      return event.message;
  }
}
