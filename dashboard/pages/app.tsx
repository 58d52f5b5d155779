import '../styles/tokens.css';
import '../styles/base.css';
import { Fragment, render } from 'preact';
import { Alerts } from '../panels/alerts.tsx';
import { ConnectionStatus } from '../panels/connection.tsx';
import { LeaveWallMode } from '../panels/display-buttons.tsx';
import { ForgottenSession } from '../panels/forgotten-session.tsx';
import { Header, Logo } from '../panels/header.tsx';
import { MicrophoneBadge } from '../panels/microphone-badge.tsx';
import { Nav } from '../panels/nav.tsx';
import { Recording } from '../panels/recording.tsx';
import { SoundNotice } from '../panels/sound-notice.tsx';
import { UnsavedBadge } from '../panels/unsaved-badge.tsx';
import { callAttention } from '../state/alert-attention.ts';
import { announceChanges } from '../state/announcement.ts';
import { syncArrival } from '../state/arrival.ts';
import { syncDisplay } from '../state/display.ts';
import { acceptFileDrops } from '../state/file-drags.ts';
import { followRemovals, removalNote } from '../state/follow-removals.ts';
import { language, t } from '../state/i18n.ts';
import { startLanguage } from '../state/language.ts';
import { connect, connection } from '../state/live-connection.ts';
import { syncOpenSessions } from '../state/open-session.ts';
import { syncTitle } from '../state/page-title.ts';
import { startSaving } from '../state/saving.ts';
import { chosen, streamNames } from '../state/streams.ts';
import { syncAddress, type View, view } from '../state/view.ts';
import { watchStops } from '../state/watch-stops.ts';
import { AccessPage } from './access-page.tsx';
import { EmptyPage } from './empty-page.tsx';
import { LazyPage } from './lazy-page.tsx';
import { LivePage } from './live-page.tsx';
import { UnknownPage } from './unknown-page.tsx';
// Last: they override the style sheets of all panels.
import '../styles/wall-mode.css';
import '../styles/print.css';

/** The dashboard: the header with what concerns every page, and the page that the address names. */
function App() {
  const shown = view.value;
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
        tagline={t('page.tagline')}
        middle={
          <>
            <Recording />
            <UnsavedBadge />
            <MicrophoneBadge />
            <Alerts />
          </>
        }
      >
        <Nav />
        <ConnectionStatus />
      </Header>
      <LeaveWallMode />
      <SoundNotice />
      <ForgottenSession />
      {/* Canvases draw words too: another language begins anew. */}
      <Fragment key={language()}>
        {link.state === 'refused' ? <AccessPage refused={link} /> : <Page view={shown} />}
      </Fragment>
      <RemovalNote />
    </>
  );
}

/** For screen readers: a stream has left the page. */
function RemovalNote() {
  return (
    <p class="visually-hidden" role="status">
      {removalNote.value}
    </p>
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
      {t('nav.skip')}
    </button>
  );
}

function Page({ view: shown }: { readonly view: View }) {
  switch (shown.page) {
    case 'live':
      return connection.value.state === 'open' && streamNames.value.length === 0 && chosen.value === null ? (
        <EmptyPage />
      ) : (
        <LivePage />
      );
    case 'wall':
      return <LazyPage key="wall" load={loadWall} props={{}} />;
    case 'booth':
      return <LazyPage key="booth" load={loadBooth} props={{}} />;
    case 'sessions':
      return <LazyPage key="sessions" load={loadSessions} props={{ filter: shown.filter }} />;
    case 'session':
      return <LazyPage key={`session ${shown.id}`} load={loadSession} props={{ id: shown.id }} />;
    case 'compare':
      return (
        <LazyPage
          key={`compare ${shown.ids.join()}`}
          load={loadCompare}
          props={{ ids: shown.ids, side: shown.side }}
        />
      );
    case 'setup':
      return <LazyPage key="setup" load={loadSetup} props={{ stream: shown.stream }} />;
    case 'try':
      return <LazyPage key="try" load={loadTry} props={{ demo: shown.demo }} />;
    case 'stations':
      return <LazyPage key="stations" load={loadStations} props={shown} />;
    case 'report':
      return <LazyPage key="report" load={loadReport} props={{ stream: shown.stream, day: shown.day }} />;
    case 'unknown':
      return <UnknownPage hash={shown.hash} />;
  }
}

const loadBooth = () => import('./booth-page.tsx').then(({ BoothPage }) => BoothPage);
const loadSessions = () => import('./sessions-page.tsx').then(({ SessionsPage }) => SessionsPage);
const loadSession = () => import('./session-page.tsx').then(({ SessionPage }) => SessionPage);
const loadCompare = () => import('./compare-page.tsx').then(({ ComparePage }) => ComparePage);
const loadSetup = () => import('./setup-page.tsx').then(({ SetupPage }) => SetupPage);
const loadTry = () => import('./try-page.tsx').then(({ TryPage }) => TryPage);
const loadStations = () => import('./stations-page.tsx').then(({ StationsPage }) => StationsPage);
const loadReport = () => import('./report-page.tsx').then(({ ReportPage }) => ReportPage);
const loadWall = () => import('./wall-page.tsx').then(({ WallPage }) => WallPage);

syncAddress();
syncArrival();
syncDisplay();
acceptFileDrops();
syncOpenSessions();
watchStops();
startSaving();
followRemovals();
syncTitle();
announceChanges();
callAttention();
connect();
// The connection is opened meanwhile.
void startLanguage().then(() => render(<App />, document.querySelector('#app')!));
