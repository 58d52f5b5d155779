import { SessionPage } from '../replay/session-page.tsx';
import { SessionsPage } from '../sessions/sessions-page.tsx';
import { view } from '../state/view.ts';
import { AlertStrip } from './alerts.tsx';
import { Announcer } from './announcer.tsx';
import { Header } from './header.tsx';
import { LivePage } from './live-page.tsx';

export function App() {
  const shown = view.value;
  return (
    <>
      <Header />
      {/* On every page: an alert is to be seen, whatever is looked at. */}
      <AlertStrip />
      {shown.page === 'live' && <LivePage />}
      {shown.page === 'sessions' && <SessionsPage />}
      {shown.page === 'session' && <SessionPage key={shown.id} id={shown.id} />}
      {shown.page === 'live' && <Announcer />}
    </>
  );
}
