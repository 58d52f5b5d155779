import type { StreamInfo } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { t } from '../../state/i18n.ts';
import { sourceName } from '../../state/source-name.ts';
import { stateText } from '../../state/state-text.ts';
import { nameNow } from '../../state/streams.ts';
import { setupHref, streamHref } from '../../state/view.ts';
import { ConfirmButton, useConfirm } from '../confirm-button.tsx';
import { useAttempt } from '../use-load.ts';
import { ErrorLine } from './section.tsx';

export interface StreamListProps {
  readonly streams: readonly StreamInfo[];
  readonly onChange: () => void;
}

/** Every stream with its state, to watch, set up and remove. */
export function StreamList({ streams, onChange }: StreamListProps) {
  // Those that were removed meanwhile are gone before the list is loaded again.
  const present = streams.filter(({ stream }) => nameNow(stream) === stream);
  if (present.length === 0) return <p class="setup-empty">{t('setup.noStreams')}</p>;
  return (
    <ul class="setup-list">
      {present.map((stream) => (
        <StreamRow key={stream.stream} info={stream} onChange={onChange} />
      ))}
    </ul>
  );
}

function StreamRow({ info, onChange }: { info: StreamInfo; onChange: () => void }) {
  const { stream, source, state, from } = info;
  const reason = stateText(info);
  const attempt = useAttempt();
  const remove = useConfirm(
    () =>
      void attempt.run(async () => {
        await client.streams.remove(stream);
        onChange();
      }),
  );
  return (
    <li class="setup-row" data-stream={stream}>
      <div class="setup-row-text">
        <b>{stream}</b>
        <span class="setup-state" data-state={state}>
          {t(`state.${state}`)}
        </span>
        <span class="setup-source">{sourceName(source)}</span>
        {from === 'config' && <span class="setup-source">{t('setup.inConfig')}</span>}
        {reason !== null && <span class="setup-message">{reason}</span>}
        <ErrorLine text={attempt.error.value} />
      </div>
      <div class="setup-row-actions">
        <a class="button" href={streamHref(stream)}>
          {t('action.watch')}
          <span class="visually-hidden"> {stream}</span>
        </a>
        <a class="button" href={setupHref(stream)}>
          {t('setup.change')}
          <span class="visually-hidden"> {stream}</span>
        </a>
        {from !== 'config' && (
          <ConfirmButton
            confirm={remove}
            text={t('action.remove')}
            confirmText={t('action.removeNow')}
            object={stream}
          />
        )}
      </div>
    </li>
  );
}
