import '../styles/tokens.css';
import '../styles/base.css';
import { render } from 'preact';
import { Alerts } from '../panels/alerts.tsx';
import { ConnectionStatus } from '../panels/connection.tsx';
import { Header, Logo } from '../panels/header.tsx';
import { connect } from '../state/live-connection.ts';
import { syncOpenSession } from '../state/open-session.ts';
import { liveHref, SESSIONS_HREF, syncAddress, type View, view } from '../state/view.ts';
import { LivePage } from './live-page.tsx';
import { SessionPage } from './session-page.tsx';
import { SessionsPage } from './sessions-page.tsx';

/** The dashboard: the header and the alerts on every page, and the page that the address names. */
function App() {
  const shown = view.value;
  const isLive = shown.page === 'live';
  const isSessions = shown.page === 'sessions' || shown.page === 'session';
  return (
    <>
      <Header
        title={
          <>
            <Logo />
            undertone
          </>
        }
        tagline="Perceived emotion of the music"
      >
        <nav class="header-nav" aria-label="Pages">
          <a href={liveHref()} aria-current={isLive ? 'page' : undefined}>
            Watch
          </a>
          <a href={SESSIONS_HREF} aria-current={isSessions ? 'page' : undefined}>
            Sessions
          </a>
        </nav>
        <ConnectionStatus />
      </Header>
      <Alerts />
      <Page view={shown} />
    </>
  );
}

function Page({ view: shown }: { readonly view: View }) {
  switch (shown.page) {
    case 'live':
      return <LivePage />;
    case 'sessions':
      return <SessionsPage />;
    case 'session':
      return <SessionPage key={shown.id} id={shown.id} />;
  }
}

syncAddress();
syncOpenSession();
connect();
render(<App />, document.querySelector('#app')!);
