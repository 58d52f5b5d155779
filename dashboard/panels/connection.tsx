import './connection.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { connection } from '../state/live-connection.ts';

/** State of the connection to the server, with a countdown to the next attempt. */
export function ConnectionStatus() {
  const secondsLeft = useSignal(0);
  useSignalEffect(() => {
    const now = connection.value;
    if (now.state !== 'waiting') return;
    const count = () => {
      secondsLeft.value = Math.max(0, Math.ceil((now.retryAtMs - Date.now()) / 1000));
    };
    count();
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  });
  const now = connection.value;
  const refusal = now.state === 'refused' ? now.message : undefined;
  return (
    <p class="connection" data-state={now.state} title={refusal}>
      <span class="connection-dot" aria-hidden="true" />
      {/* Screen readers get changes of state only: they would read a countdown every second. */}
      <span role="status" class="visually-hidden">
        {now.state === 'open' && 'Connected'}
        {now.state === 'waiting' && 'Connection lost, reconnecting'}
        {refusal}
      </span>
      <span aria-hidden="true">
        {now.state === 'open' && 'Live'}
        {now.state === 'connecting' && 'Connecting…'}
        {now.state === 'refused' && 'Access needed'}
        {now.state === 'waiting' && (
          <>
            <span class="connection-lost">Connection lost · </span>
            Reconnecting in {secondsLeft} s
          </>
        )}
      </span>
    </p>
  );
}
