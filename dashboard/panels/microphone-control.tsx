import './microphone-control.css';
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
        {on ? 'Stop microphone' : 'Send microphone'}
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
      return 'Sends this device’s microphone, unprocessed, to the server.';
    case 'asking':
      return 'Allow the microphone in your browser.';
    case 'connecting':
      return `Connecting as ${now.stream}…`;
    case 'waiting':
      return `Connection lost. ${now.stream} resumes when the server is back.`;
    case 'sending': {
      const skipped = skippedSeconds.value;
      return `Sending as ${now.stream}.${skipped > 0 ? ` The network is slow: ${skipped} s skipped.` : ''}`;
    }
    case 'failed':
      return now.message;
  }
}
