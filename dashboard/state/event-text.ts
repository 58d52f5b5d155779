import type { ActiveAlert, ServerNotice, StreamEvent } from '../../src/types.ts';
import { conditionText } from './condition-text.ts';
import { elapsed, fixed } from './format.ts';
import { language, t } from './i18n.ts';
import { stateText } from './state-text.ts';
import { titleName } from './title-mark.ts';

/** What raised an alert, in the language of the page; the server's own sentence if it sends nothing else. */
export const alertText = ({ condition, message }: Pick<ActiveAlert, 'condition' | 'message'>): string =>
  condition === undefined ? message : conditionText(condition);

/** A problem of the server in the language of the page; the server's own sentence has its cause too. */
export const noticeText = ({ code, message }: ServerNotice): string =>
  language() === 'en' ? message : t(`notice.${code}`);

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
      return language() === 'en' ? event.message : ownText(event);
  }
}

/** What can be named without the sentence of the server; what the name of an event says already is left out. */
function ownText(event: StreamEvent): string {
  switch (event.type) {
    case 'stream-started':
    case 'source-restored':
    case 'phase-restored':
      return '';
    case 'segment':
      return `${t('readout.confidence')} ${Math.round(100 * event.confidence)} %`;
    case 'gap':
      return t(`gap.${event.reason}`, { seconds: fixed(event.seconds, 1) });
    case 'clock-changed':
      return `${event.seconds < 0 ? '−' : '+'}${elapsed(Math.abs(event.seconds))}`;
    case 'phase-cancellation':
      return t('phase.oneChannel');
    case 'track':
      return titleName(event.title, event.artist);
    case 'track-ended':
      return `${titleName(event.title, event.artist)}, ${elapsed(event.seconds)}`;
    case 'source-lost':
      return stateText(event) ?? '';
    case 'stream-stopped': {
      // Older messages have no reason.
      const because = event.because ?? (event.code === undefined ? 'ended' : 'failed');
      return stateText({ ...event, because }) ?? '';
    }
    default:
      return event.message;
  }
}
