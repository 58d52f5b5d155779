import './header.css';
import { liveHref, SESSIONS_HREF, view } from '../state/view.ts';
import { Connection } from './connection.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

export function Header() {
  return (
    <header class="header">
      <h1 class="brand">
        <svg class="brand-mark" viewBox="0 0 28 20" aria-hidden="true">
          <path class="brand-wave" d="M2 10c4 0 4-7.5 8-7.5s4 7.5 8 7.5 4-7.5 8-7.5" />
          <path class="brand-under" d="M2 17.5h24" />
        </svg>
        undertone
      </h1>
      <p class="tagline">Perceived emotion of the music</p>
      <nav class="header-nav" aria-label="Pages">
        <a href={liveHref()} aria-current={view.value.page === 'live' ? 'page' : undefined}>
          Watch
        </a>
        <a href={SESSIONS_HREF} aria-current={view.value.page === 'live' ? undefined : 'page'}>
          Sessions
        </a>
      </nav>
      <Connection />
      <ThemeToggle />
    </header>
  );
}
