import { t } from '../state/i18n.ts';
import { liveHref, SESSIONS_HREF } from '../state/view.ts';

/** For an address that names no page. */
export function UnknownPage({ hash }: { hash: string }) {
  return (
    <main id="content" class="unknown-page" tabIndex={-1}>
      <h2>{t('unknown.noPage', { hash })}</h2>
      <p>
        {t('unknown.goTo')} <a href={liveHref()}>{t('unknown.live')}</a>,{' '}
        <a href={SESSIONS_HREF}>{t('unknown.sessions')}</a>
      </p>
    </main>
  );
}
