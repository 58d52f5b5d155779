import './floating-card.css';
import { useSignal } from '@preact/signals';
import type { Session } from '../../src/client/index.ts';
import { errorMessage } from '../state/client.ts';
import { wallMode } from '../state/display.ts';
import { clock, elapsed, markerCount } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { outbox } from '../state/saving.ts';
import { type StoppedSession as Stopped, stoppedSession } from '../state/session-actions.ts';
import { copySessionReport, sessionReportHref } from '../state/session-report.ts';
import { sessionHref } from '../state/view.ts';
import { useDraft } from './use-draft.ts';

/** What can be done with the session that was just stopped. It lies over the page, so that nothing moves. */
export function StoppedSession() {
  const stopped = stoppedSession.value;
  return stopped === null || wallMode.value ? null : <Card key={stopped.session.id} {...stopped} />;
}

function Card({ session, elsewhere }: Stopped) {
  const { id, title } = session;
  const status = useSignal(elsewhere ? elsewhereText(session) : savedText(session));
  const draft = useDraft(id, title ?? '', (text) => ({ kind: 'field', field: 'title', text }));
  const attempt = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work();
      status.value = done;
    } catch (error) {
      status.value = errorMessage(error);
    }
  };
  return (
    <aside class="floating-card" aria-label={t('stopped.title', { id })}>
      <p role="status">{titleState(id) ?? status.value}</p>
      <label>
        <span class="visually-hidden">{t('session.title')}</span>
        <input
          type="text"
          class="text-input"
          maxLength={200}
          autocomplete="off"
          placeholder={t('session.title')}
          {...draft}
        />
      </label>
      <a class="button" href={sessionHref(id)}>
        {t('stopped.replay')}
      </a>
      <a class="button" href={sessionReportHref(id)} target="_blank" rel="noopener">
        {t('session.report')}
      </a>
      <button
        type="button"
        class="button"
        onClick={() => attempt(() => copySessionReport(id), t('session.copied'))}
      >
        {t('session.copy')}
      </button>
      <button
        type="button"
        class="button"
        onClick={() => {
          stoppedSession.value = null;
        }}
      >
        {t('stopped.close')}
      </button>
    </aside>
  );
}

const savedText = ({ seconds, markers }: Session): string =>
  t('stopped.saved', { length: elapsed(seconds), markers: markerCount(markers) });

/** The server does not know who. */
const elsewhereText = (session: Session): string =>
  `${t('stopped.elsewhere', { time: clock(session.stoppedAt ?? '') })} ${savedText(session)}`;

/** Whether a title that was typed here is saved; null without one. */
function titleState(id: string): string | null {
  const title = outbox.find(id, 'title');
  if (title?.state === 'refused') return title.reason;
  if (title?.late) return t('saving.notYet');
  return outbox.isSaved(id, 'title') ? t('stopped.titleSaved') : null;
}
