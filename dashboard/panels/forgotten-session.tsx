import './floating-card.css';
import { wallMode } from '../state/display.ts';
import { type Forgotten, forgotten, stillRecording } from '../state/forgotten.ts';
import { elapsed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { sessionError, stopSessionOf } from '../state/session-actions.ts';
import { ConfirmButton, useConfirm } from './confirm-button.tsx';

/** Asks about a session that may have been forgotten. It lies over the page, so that nothing moves. */
export function ForgottenSession() {
  const found = forgotten.value;
  return found === null || wallMode.value ? null : <Question key={found.session.id} {...found} />;
}

function Question({ session, reason, seconds }: Forgotten) {
  const name = session.title ?? session.id;
  const stop = useConfirm(() => stopSessionOf(session.id));
  return (
    <aside class="floating-card forgotten" aria-label={t('forgotten.title')}>
      <p role="status">
        {sessionError.value ??
          (reason === 'long'
            ? t('forgotten.long', { name, time: elapsed(seconds) })
            : t('forgotten.quiet', { name, minutes: Math.floor(seconds / 60) }))}
      </p>
      <button type="button" class="button" onClick={() => stillRecording(session)}>
        {t('forgotten.keep')}
      </button>
      <ConfirmButton
        confirm={stop}
        text={t('session.stop')}
        confirmText={t('session.stopNow')}
        object={t('session.object')}
      />
    </aside>
  );
}
