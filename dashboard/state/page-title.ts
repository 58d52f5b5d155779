import { effect } from '@preact/signals';
import { newAlerts } from './alert-attention.ts';
import { t } from './i18n.ts';
import { connection } from './live-connection.ts';
import { openSessions } from './open-session.ts';
import { chosen } from './streams.ts';
import { view } from './view.ts';

/** Keeps the title of the tab: the page's name, with a dot before it while any session is recorded, and the number of
 * alerts that nobody has acknowledged. */
export function syncTitle(): void {
  effect(() => {
    const recording = openSessions.value.length > 0 ? '● ' : '';
    const unseen = newAlerts.value.length > 0 ? `(${newAlerts.value.length}) ` : '';
    const name = connection.value.state === 'refused' ? t('access.needed') : pageName();
    document.title = `${unseen}${recording}${name === null ? '' : `${name} – `}undertone`;
  });
}

function pageName(): string | null {
  const shown = view.value;
  switch (shown.page) {
    case 'live':
      return chosen.value;
    case 'wall':
      return t('wall.title');
    case 'booth':
      return t('nav.booth');
    case 'sessions':
      return t('nav.sessions');
    case 'session':
      return shown.id;
    case 'compare':
      return t('compare.title');
    case 'setup':
      return shown.stream === null ? t('nav.setup') : `${shown.stream} – ${t('nav.setup')}`;
    case 'try':
      return t('nav.try');
    case 'stations':
      return shown.stream === null ? t('nav.stations') : `${shown.stream} – ${t('nav.stations')}`;
    case 'report':
      return t('report.title', { stream: shown.stream });
    case 'unknown':
      return t('unknown.title');
  }
}
