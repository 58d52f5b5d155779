import './recording.css';
import { t } from '../state/i18n.ts';
import { openSession } from '../state/open-session.ts';
import { outbox, unsaved } from '../state/saving.ts';
import { keptSession } from '../state/session-actions.ts';
import { sessionHref, streamHref, view } from '../state/view.ts';

/** On every page that does not show it itself: what was written about a session is not saved, and where it is. */
export function UnsavedBadge() {
  const shown = view.value;
  const onLive = openSession.value?.id ?? keptSession.value?.session;
  const here = shown.page === 'session' ? shown.id : shown.page === 'live' ? onLive : null;
  const first = unsaved.value.find(({ session }) => session !== here);
  if (first === undefined) return null;
  // A session that has no code yet is on the page of its stream.
  const { work } = outbox.find(first.session, 'start') ?? {};
  const stream = work?.kind === 'start' ? work.stream : undefined;
  const state = t(first.state === 'refused' ? 'saving.refused' : 'saving.notYet');
  return (
    <a
      class="recording unsaved-badge"
      href={stream === undefined ? sessionHref(first.session) : streamHref(stream)}
      aria-label={t('saving.open', { session: stream ?? first.session, state })}
    >
      <span class="recording-text">{state}</span>
    </a>
  );
}
