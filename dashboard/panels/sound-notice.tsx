import './floating-card.css';
import { soundOn } from '../state/alert-attention.ts';
import { soundBlocked } from '../state/alert-sound.ts';
import { t } from '../state/i18n.ts';

/** Where the browser blocks the sound of alerts until a click or a key, also on a wall display. It lies over the page. */
export function SoundNotice() {
  if (!soundOn.value || !soundBlocked.value) return null;
  return (
    <aside class="floating-card" aria-label={t('sound.title')}>
      <p role="status">{t('sound.blocked')}</p>
      {/* A click anywhere does. */}
      <button type="button" class="button">
        {t('sound.allow')}
      </button>
    </aside>
  );
}
