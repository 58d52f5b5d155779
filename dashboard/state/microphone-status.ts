import { t } from './i18n.ts';
import { microphone, skippedSeconds } from './microphone.ts';

/** What the microphone does now, in a sentence. */
export function microphoneStatus(): string {
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
