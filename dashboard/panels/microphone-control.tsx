import './microphone-control.css';
import { t } from '../state/i18n.ts';
import { microphone, startMicrophone, stopMicrophone } from '../state/microphone.ts';
import { microphoneStatus } from '../state/microphone-status.ts';
import { MicrophoneIcon } from './microphone-icon.tsx';

/** Sends this device's microphone to the server, with one sentence of status. */
export function MicrophoneControl() {
  const now = microphone.value;
  const { state } = now;
  const on = state !== 'off' && state !== 'failed';
  return (
    <div class="microphone" data-state={state}>
      <button
        type="button"
        class="button microphone-button"
        aria-pressed={on}
        onClick={on ? stopMicrophone : () => void startMicrophone()}
      >
        <MicrophoneIcon />
        {t(
          !on
            ? 'microphone.send'
            : 'kind' in now && now.kind === 'tab'
              ? 'microphone.stopSending'
              : 'microphone.stop',
        )}
      </button>
      <p class="microphone-status" role="status">
        {microphoneStatus()}
      </p>
    </div>
  );
}
