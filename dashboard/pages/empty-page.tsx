import './empty-page.css';
import { FileDrop } from '../panels/file-drop.tsx';
import { t } from '../state/i18n.ts';
import { microphone, startMicrophone } from '../state/microphone.ts';
import { DEMO_HREF, SETUP_HREF } from '../state/view.ts';

/** Before there is any stream: three ways to see something at once. */
export function EmptyPage() {
  const now = microphone.value;
  return (
    <main id="content" class="empty-page" tabIndex={-1}>
      <h2>{t('empty.title')}</h2>
      <p class="empty-lead">{t('empty.lead')}</p>
      <div class="empty-ways">
        <button type="button" class="button empty-way" onClick={() => void startMicrophone()}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <rect x="9" y="2.5" width="6" height="11" rx="3" />
            <path d="M5 11a7 7 0 0 0 14 0M12 18v3.5" />
          </svg>
          <b>{t('empty.listen')}</b>
          <span>{t('empty.listenHint')}</span>
        </button>
        <FileDrop class="empty-way">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 3v12M7 10l5 5 5-5M4 20.5h16" />
          </svg>
          <b>{t('empty.drop')}</b>
          <span>{t('empty.dropHint')}</span>
        </FileDrop>
        <a class="button empty-way" href={DEMO_HREF}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M7 4.5v15l12-7.5z" />
          </svg>
          <b>{t('empty.demo')}</b>
          <span>{t('empty.demoHint')}</span>
        </a>
      </div>
      <p role="status" class="empty-status">
        {now.state === 'asking' ? t('microphone.asking') : now.state === 'failed' ? now.message : ''}
      </p>
      <p class="empty-more">
        <a href={SETUP_HREF}>{t('empty.setup')}</a>
      </p>
    </main>
  );
}
