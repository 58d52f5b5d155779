import './session-badge.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../../src/client/index.ts';
import { elapsed, markerCount } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { openMarkers, openSession } from '../state/open-session.ts';
import { sessionKey } from '../state/session-actions.ts';
import { beganAtMs } from '../state/started-session.ts';
import { isNew } from '../state/unsaved.ts';
import { sessionHref } from '../state/view.ts';
import { SteadyText } from './steady-text.tsx';

/** Duration, code and markers of the open session, linked to its page. */
export function SessionBadge() {
  const session = openSession.value;
  return session === null ? null : <Badge key={sessionKey(session.id)} session={session} />;
}

function Badge({ session }: { session: Session }) {
  const now = useSignal(performance.now());
  const startMs = useRef(beganAtMs(session)).current;
  // The code comes with the answer of the server.
  const hasCode = !isNew(session.id);
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = performance.now();
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  const count = openMarkers.value.length;
  return (
    <a class="session-badge" {...(hasCode && { href: sessionHref(session.id) })}>
      <span class="session-dot" aria-hidden="true" />
      <span class="visually-hidden">{t('session.session')}</span>
      <time>{elapsed((now.value - startMs) / 1000)}</time>
      <b>{hasCode ? session.id : t('saving.notYet')}</b>
      <SteadyText texts={[markerCount(100)]}>{count > 0 && markerCount(count)}</SteadyText>
    </a>
  );
}
