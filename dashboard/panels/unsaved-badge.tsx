import './recording.css';
import { t } from '../state/i18n.ts';
import { openSession } from '../state/open-session.ts';
import { unsaved } from '../state/saving.ts';
import { sessionHref, view } from '../state/view.ts';

/** On every page that does not show it itself: what was written about a session is not saved, and where it is. */
export function UnsavedBadge() {
  const shown = view.value;
  const here = shown.page === 'session' ? shown.id : shown.page === 'live' ? openSession.value?.id : null;
  const first = unsaved.value.find(({ session }) => session !== here);
  if (first === undefined) return null;
  const state = t(first.state === 'refused' ? 'saving.refused' : 'saving.notYet');
  return (
    <a
      class="recording unsaved-badge"
      href={sessionHref(first.session)}
      aria-label={t('saving.open', { session: first.session, state })}
    >
      <span class="recording-text">{state}</span>
    </a>
  );
}
