import '../styles/tokens.css';
import '../styles/base.css';
import { render } from 'preact';
import { Alerts } from '../panels/alerts.tsx';
import { ConnectionStatus } from '../panels/connection.tsx';
import { LeaveWallMode } from '../panels/display-buttons.tsx';
import { Header, Logo } from '../panels/header.tsx';
import { Lazy } from '../panels/lazy.tsx';
import { Recording } from '../panels/recording.tsx';
import { announceChanges } from '../state/announcement.ts';
import { syncDisplay } from '../state/display.ts';
import { connect, connection } from '../state/live-connection.ts';
import { syncOpenSessions } from '../state/open-session.ts';
import { syncTitle } from '../state/page-title.ts';
import {
  boothHref,
  liveHref,
  SESSIONS_HREF,
  syncAddress,
  type View,
  view,
  WALL_HREF,
} from '../state/view.ts';
import { AccessPage } from './access-page.tsx';
import { LivePage } from './live-page.tsx';
import { SessionPage } from './session-page.tsx';
import { SessionsPage } from './sessions-page.tsx';
import { UnknownPage } from './unknown-page.tsx';
// Last: they override the style sheets of all panels.
import '../styles/wall-mode.css';
import '../styles/print.css';

/** The dashboard: the header with what concerns every page, and the page that the address names. */
function App() {
  const shown = view.value;
  const isLive = shown.page === 'live';
  const isSessions = shown.page === 'sessions' || shown.page === 'session';
  const link = connection.value;
  return (
    <>
      <SkipLink />
      <Header
        title={
          <>
            <Logo />
            undertone
          </>
        }
        tagline="Perceived emotion of the music"
        middle={
          <>
            <Recording />
            <Alerts />
          </>
        }
      >
        <nav class="header-nav" aria-label="Pages">
          <a href={liveHref()} aria-current={isLive ? 'page' : undefined}>
            Watch
          </a>
          <a href={WALL_HREF} aria-current={shown.page === 'wall' ? 'page' : undefined}>
            Wall
          </a>
          <a href={boothHref([])} aria-current={shown.page === 'booth' ? 'page' : undefined}>
            Booth
          </a>
          <a href={SESSIONS_HREF} aria-current={isSessions ? 'page' : undefined}>
            Sessions
          </a>
        </nav>
        <ConnectionStatus />
      </Header>
      <LeaveWallMode />
      {link.state === 'refused' ? <AccessPage refused={link} /> : <Page view={shown} />}
    </>
  );
}

/** For the keyboard: past the header. No link to a fragment, because fragments name pages. */
function SkipLink() {
  return (
    <button
      type="button"
      class="button button-primary skip-link"
      onClick={() => document.querySelector<HTMLElement>('#content')?.focus()}
    >
      Skip to the content
    </button>
  );
}

function Page({ view: shown }: { readonly view: View }) {
  switch (shown.page) {
    case 'live':
      return <LivePage />;
    case 'wall':
      return <Lazy key="wall" load={loadWall} />;
    case 'booth':
      return <Lazy key="booth" load={loadBooth} />;
    case 'sessions':
      return <SessionsPage />;
    case 'session':
      return <SessionPage key={shown.id} id={shown.id} />;
    case 'unknown':
      return <UnknownPage hash={shown.hash} />;
  }
}

const loadBooth = () => import('./booth-page.tsx').then(({ BoothPage }) => BoothPage);
const loadWall = () => import('./wall-page.tsx').then(({ WallPage }) => WallPage);

syncAddress();
syncDisplay();
syncOpenSessions();
syncTitle();
announceChanges();
connect();
render(<App />, document.querySelector('#app')!);
