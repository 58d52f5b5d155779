import './session-badge.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../../src/client/index.ts';
import { elapsed, markerCount } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { openMarkers, openSession } from '../state/open-session.ts';
import { sessionHref } from '../state/view.ts';
import { SteadyText } from './steady-text.tsx';

/** Duration, code and markers of the open session, linked to its page. */
export function SessionBadge() {
  const session = openSession.value;
  return session === null ? null : <Badge key={session.id} session={session} />;
}

function Badge({ session }: { session: Session }) {
  const now = useSignal(performance.now());
  // From the duration that the server gave, and not by a clock that can be set.
  const startMs = useRef(performance.now() - session.seconds * 1000).current;
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = performance.now();
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  const count = openMarkers.value.length;
  return (
    <a class="session-badge" href={sessionHref(session.id)}>
      <span class="session-dot" aria-hidden="true" />
      <span class="visually-hidden">{t('session.session')}</span>
      <time>{elapsed((now.value - startMs) / 1000)}</time>
      <b>{session.id}</b>
      <SteadyText texts={[markerCount(100)]}>{count > 0 && markerCount(count)}</SteadyText>
    </a>
  );
}
