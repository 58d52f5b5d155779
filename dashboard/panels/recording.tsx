import './recording.css';
import type { Session } from '../../src/client/index.ts';
import { t } from '../state/i18n.ts';
import { openSessions } from '../state/open-session.ts';
import { chosen } from '../state/streams.ts';
import { SESSIONS_HREF, streamHref, view } from '../state/view.ts';

/** The sessions that record now and are not shown on this page, linked to their streams. */
export function Recording() {
  const shown = view.value;
  const isShown = ({ id, stream }: Session) =>
    (shown.page === 'live' && stream === chosen.value) || (shown.page === 'session' && id === shown.id);
  const others = openSessions.value.filter((session) => !isShown(session));
  const [first] = others;
  if (first === undefined) return null;
  return (
    <a class="recording" href={others.length === 1 ? streamHref(first.stream) : SESSIONS_HREF}>
      <span class="session-dot" aria-hidden="true" />
      <span class="recording-text" title={others.length === 1 ? first.stream : undefined}>
        <span class="visually-hidden">{t('recording.running')}: </span>
        {others.length === 1 ? first.stream : t('recording.sessions', { count: others.length })}
      </span>
    </a>
  );
}
