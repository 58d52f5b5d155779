import { effect } from '@preact/signals';
import { connection } from './live-connection.ts';
import { openSessions } from './open-session.ts';
import { chosen } from './streams.ts';
import { view } from './view.ts';

/** Keeps the title of the tab: the page's name, with a dot before it while any session is recorded. */
export function syncTitle(): void {
  effect(() => {
    const recording = openSessions.value.length > 0 ? '● ' : '';
    const name = connection.value.state === 'refused' ? 'Access needed' : pageName();
    document.title = `${recording}${name === null ? '' : `${name} – `}undertone`;
  });
}

function pageName(): string | null {
  const shown = view.value;
  switch (shown.page) {
    case 'live':
      return chosen.value;
    case 'wall':
      return 'All streams';
    case 'booth':
      return 'Booth';
    case 'sessions':
      return 'Sessions';
    case 'session':
      return shown.id;
    case 'unknown':
      return 'Page not found';
  }
}
