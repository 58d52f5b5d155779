import './connection.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { t } from '../state/i18n.ts';
import { connection } from '../state/live-connection.ts';
import { liveScene } from '../state/live-scene.ts';
import { chosenRecord } from '../state/streams.ts';
import { view } from '../state/view.ts';
import { ServerStatus } from './server-status.tsx';

/** State of the connection to the server and, on the live page, of the stream: "Live" means that data arrives. */
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
  const stream = now.state === 'open' ? streamState() : null;
  return (
    <div class="connection" data-state={now.state} data-stream={stream?.is}>
      {/* Screen readers get changes of state only: they would read a countdown every second. */}
      <span role="status" class="visually-hidden">
        {now.state === 'open' && t('connection.connected')}
        {now.state === 'waiting' && t('connection.lost')}
        {now.state === 'refused' && now.message}
      </span>
      <button type="button" class="button connection-button" popovertarget="server-status">
        <span class="connection-dot" aria-hidden="true" />
        <span>
          {stream?.text}
          {now.state === 'connecting' && t('connection.connecting')}
          {now.state === 'refused' && t('connection.noAccess')}
          {now.state === 'waiting' && t('connection.reconnecting', { seconds: secondsLeft.value })}
        </span>
        <span class="visually-hidden">: {t('connection.status')}</span>
      </button>
      <ServerStatus />
    </div>
  );
}

interface StreamState {
  readonly is: 'fine' | 'silent';
  readonly text: string;
}

function streamState(): StreamState {
  if (view.value.page !== 'live' || chosenRecord.value === null)
    return { is: 'fine', text: t('connection.connected') };
  if (liveScene.current.value) return { is: 'fine', text: t('connection.live') };
  const { state } = liveScene.snapshot.value;
  const text = t(
    state === 'lost'
      ? 'connection.sourceLost'
      : state === 'stopped'
        ? chosenRecord.value?.reason.because === 'removed'
          ? 'state.removed'
          : 'state.stopped'
        : 'connection.noNewData',
  );
  return { is: 'silent', text };
}
