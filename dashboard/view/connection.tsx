import './connection.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { link } from '../state/store.ts';

/** Whether the page hears the server, and when it tries again. */
export function Connection() {
  const secondsLeft = useSignal(0);
  useSignalEffect(() => {
    const now = link.value;
    if (now.state !== 'waiting') return;
    const count = () => {
      secondsLeft.value = Math.max(0, Math.ceil((now.retryAtMs - Date.now()) / 1000));
    };
    count();
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  });
  const { state } = link.value;
  const refusal = link.value.state === 'refused' ? link.value.message : undefined;
  return (
    <p class="connection" data-state={state} title={refusal}>
      <span class="connection-dot" aria-hidden="true" />
      {/* The countdown would be read out every second: only the change of state is. */}
      <span role="status" class="unseen">
        {state === 'open' ? 'Connected' : state === 'waiting' ? 'Connection lost, trying again' : refusal}
      </span>
      <span aria-hidden="true">
        {state === 'open' && 'Live'}
        {state === 'connecting' && 'Connecting…'}
        {state === 'refused' && 'Not let in'}
        {state === 'waiting' && (
          <>
            <span class="connection-lost">Connection lost · </span>
            Reconnecting in {secondsLeft} s
          </>
        )}
      </span>
    </p>
  );
}
