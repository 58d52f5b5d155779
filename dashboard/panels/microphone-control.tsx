import './microphone-control.css';
import { t } from '../state/i18n.ts';
import { microphone, skippedSeconds, startMicrophone, stopMicrophone } from '../state/microphone.ts';

/** Sends this device's microphone to the server, with one sentence of status. */
export function MicrophoneControl() {
  const { state } = microphone.value;
  const on = state !== 'off' && state !== 'failed';
  return (
    <div class="microphone" data-state={state}>
      <button
        type="button"
        class="button microphone-button"
        aria-pressed={on}
        onClick={on ? stopMicrophone : () => void startMicrophone()}
      >
        <svg viewBox="0 0 16 20" aria-hidden="true">
          <rect x="5" y="1" width="6" height="11" rx="3" fill="currentColor" />
          <path d="M2 9a6 6 0 0 0 12 0M8 15v4" fill="none" stroke="currentColor" stroke-width="1.8" />
        </svg>
        {t(on ? 'microphone.stop' : 'microphone.send')}
      </button>
      <p class="microphone-status" role="status">
        {statusText()}
      </p>
    </div>
  );
}

function statusText(): string {
  const now = microphone.value;
  switch (now.state) {
    case 'off':
      return t('microphone.hint');
    case 'asking':
      return t('microphone.asking');
    case 'connecting':
      return t('microphone.connecting', { stream: now.stream });
    case 'waiting':
      return t('microphone.lost', { stream: now.stream });
    case 'sending': {
      const skipped = skippedSeconds.value;
      return `${t('microphone.sending', { stream: now.stream })}${skipped > 0 ? ` ${t('microphone.skipped', { seconds: skipped })}` : ''}`;
    }
    case 'failed':
      return now.message;
  }
}
