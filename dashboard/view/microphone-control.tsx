import './microphone-control.css';
import { microphone, microphoneSkipped, startMicrophone, stopMicrophone } from '../mic/microphone.ts';

/** Sends this computer's microphone to the server, and says in one sentence how that goes. */
export function MicrophoneControl() {
  const { state } = microphone.value;
  const on = state !== 'off' && state !== 'failed';
  return (
    <div class="microphone" data-state={state}>
      <button
        type="button"
        class="button microphone-button"
        aria-pressed={on}
        onClick={on ? stopMicrophone : startMicrophone}
      >
        <svg viewBox="0 0 16 20" aria-hidden="true">
          <rect x="5" y="1" width="6" height="11" rx="3" fill="currentColor" />
          <path d="M2 9a6 6 0 0 0 12 0M8 15v4" fill="none" stroke="currentColor" stroke-width="1.8" />
        </svg>
        {on ? 'Stop microphone' : 'Send microphone'}
      </button>
      <p class="microphone-said" role="status">
        {sentence()}
      </p>
    </div>
  );
}

function sentence(): string {
  const now = microphone.value;
  switch (now.state) {
    case 'off':
      return 'Sends the sound of this room, unprocessed, to the server.';
    case 'asking':
      return 'Allow the microphone in the browser’s question.';
    case 'connecting':
      return `Connecting as ${now.stream}…`;
    case 'waiting':
      return `Lost the server; ${now.stream} goes on when it is back.`;
    case 'sending': {
      const skipped = microphoneSkipped.value;
      return `Sending as ${now.stream}.${skipped > 0 ? ` The network is slow: ${skipped} s skipped.` : ''}`;
    }
    case 'failed':
      return now.message;
  }
}
