import './microphone-badge.css';
import { t } from '../state/i18n.ts';
import { microphone, stopMicrophone } from '../state/microphone.ts';
import { microphoneStatus } from '../state/microphone-status.ts';
import { streamHref, TRY_HREF, view } from '../state/view.ts';
import { MicrophoneIcon } from './microphone-icon.tsx';

/** On every page while this device's sound is sent, or once that has failed: where it goes, and a way to stop it. */
export function MicrophoneBadge() {
  const now = microphone.value;
  if (now.state === 'off' || (now.state === 'failed' && view.value.page === 'try')) return null;
  const stream = 'stream' in now ? now.stream : null;
  const short = {
    asking: t('microphone.short'),
    connecting: stream,
    sending: stream,
    waiting: t('microphone.shortLost'),
    failed: t('microphone.shortFailed'),
  }[now.state];
  return (
    <div class="microphone-badge" data-state={now.state}>
      <a href={stream === null ? TRY_HREF : streamHref(stream)} title={microphoneStatus()}>
        <MicrophoneIcon />
        <span class="microphone-badge-text">{short}</span>
      </a>
      {now.state !== 'failed' && (
        <button
          type="button"
          aria-label={t('microphone.stopSending')}
          title={t('microphone.stopSending')}
          onClick={stopMicrophone}
        >
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect width="10" height="10" rx="1.5" fill="currentColor" />
          </svg>
        </button>
      )}
    </div>
  );
}
