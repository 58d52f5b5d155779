import './session-badge.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../../src/client/index.ts';
import { sessionHref } from '../state/view.ts';
import { elapsed } from './elapsed.ts';
import { openMarkers, openSession } from './open-session.ts';

/** That a session goes on: how long already, under which code. */
export function SessionBadge() {
  const session = openSession.value;
  return session === null ? null : <Badge key={session.id} session={session} />;
}

function Badge({ session }: { session: Session }) {
  const now = useSignal(Date.now());
  // Counted from what the server said, whatever this computer's clock shows.
  const began = useRef(Date.now() - session.seconds * 1000).current;
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = Date.now();
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  const count = openMarkers.value.length;
  return (
    <a class="session-badge" href={sessionHref(session.id)}>
      <span class="session-dot" aria-hidden="true" />
      <span class="unseen">Session</span>
      <time>{elapsed((now.value - began) / 1000)}</time>
      <b>{session.id}</b>
      {count > 0 && <span>{count === 1 ? '1 marker' : `${count} markers`}</span>}
    </a>
  );
}
