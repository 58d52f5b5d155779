import './sinks.css';
import { useSignal } from '@preact/signals';
import type { SinkEntry, SinkState, SinkStates } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { t } from '../../state/i18n.ts';
import { sinkReason } from '../../state/sink-reason.ts';
import { ConfirmButton, useConfirm } from '../confirm-button.tsx';
import { type Attempt, type Preloaded, useAttempt, useLoad } from '../use-load.ts';
import { TextField } from './field.tsx';
import { ErrorLine, Section } from './section.tsx';

const EXAMPLES = [
  'osc:192.168.1.20:9000',
  'osc:tcp://qlab.local:53000?framing=slip',
  'mqtts://broker.example',
];
const POLL_MS = 3_000;

/** Where a stream is sent to, with the state of each, and the form for another. */
export function Sinks({ stream, first }: { stream: string; first: Preloaded<SinkStates> }) {
  const sinks = useLoad(() => client.streams.sinks(stream), [stream], first);
  const attempt = useAttempt();
  const { sinks: list = [], from = 'config' } = sinks.value.value ?? {};
  const save = (entries: readonly SinkEntry[]) =>
    attempt.run(async () => {
      sinks.value.value = await client.streams.setSinks(stream, entries);
      setTimeout(sinks.reload, POLL_MS); // By then it is known whether it can be reached.
    });
  return (
    <Section title={t('sinks.title')} hint={t('sinks.hint')}>
      {list.length === 0 ? (
        <p class="setup-empty">{t('sinks.none')}</p>
      ) : (
        <ul class="setup-list">
          {list.map((sink) => (
            <SinkRow
              key={sink.sink}
              sink={sink}
              onRemove={() => void save(entriesOf(list.filter((other) => other !== sink)))}
            />
          ))}
        </ul>
      )}
      {from === 'config' && list.length > 0 && <p class="setup-hint">{t('sinks.fromConfig')}</p>}
      <ErrorLine text={sinks.error.value ?? attempt.error.value} />
      <AddSink attempt={attempt} kept={list} onAdd={(sink) => save([...entriesOf(list), sink])} />
      <button type="button" class="button" onClick={sinks.reload}>
        {t('action.refresh')}
      </button>
    </Section>
  );
}

/** The entries to send back. The server never gives secrets out, so those of sinks with one must be entered again. */
const entriesOf = (list: readonly SinkState[]): SinkEntry[] =>
  list.map(({ sink, user, values, smooth, every }) => ({
    sink,
    ...(user !== undefined && { user }),
    ...(values !== undefined && { values }),
    ...(smooth !== undefined && { smooth }),
    ...(every !== undefined && { every }),
  }));

function SinkRow({ sink, onRemove }: { sink: SinkState; onRemove: () => void }) {
  const remove = useConfirm(onRemove);
  return (
    <li class="setup-row">
      <div class="setup-row-text">
        <b>{sink.sink}</b>
        <span class="setup-state" data-state={sink.state === 'up' ? 'running' : 'lost'}>
          {t(`sinks.${sink.state}`)}
        </span>
        <span class="setup-source">
          {t('sinks.counts', { delivered: sink.delivered, dropped: sink.dropped })}
        </span>
        {sink.message !== null && <span class="setup-message">{sinkReason(sink)}</span>}
      </div>
      <div class="setup-row-actions">
        <ConfirmButton
          confirm={remove}
          text={t('action.remove')}
          confirmText={t('action.removeNow')}
          object={sink.sink}
        />
      </div>
    </li>
  );
}

interface AddSinkProps {
  readonly attempt: Attempt;
  readonly kept: readonly SinkState[];
  readonly onAdd: (sink: SinkEntry) => Promise<boolean>;
}

function AddSink({ attempt, kept, onAdd }: AddSinkProps) {
  const uri = useSignal('');
  const user = useSignal('');
  const secret = useSignal('');
  const signsIn = uri.value.startsWith('mqtt');
  const withSecret = kept.filter((sink) => sink.secret !== undefined);
  return (
    <form
      class="setup-form"
      onSubmit={(event) => {
        event.preventDefault();
        const sink: SinkEntry = {
          sink: uri.peek().trim(),
          ...(signsIn && user.peek() !== '' && { user: user.peek() }),
          ...(signsIn && secret.peek() !== '' && { secret: secret.peek() }),
        };
        void onAdd(sink).then((added) => {
          if (added) uri.value = user.value = secret.value = '';
        });
      }}
    >
      <TextField label={t('sinks.address')} required spellcheck={false} value={uri} />
      <p class="setup-examples">
        {t('sinks.examples')}
        {EXAMPLES.map((example) => (
          <button
            key={example}
            type="button"
            class="button setup-example"
            onClick={() => {
              uri.value = example;
            }}
          >
            {example}
          </button>
        ))}
      </p>
      {signsIn && (
        <div class="setup-fields">
          <TextField label={t('sinks.user')} value={user} />
          <TextField label={t('sinks.password')} type="password" value={secret} />
        </div>
      )}
      {withSecret.length > 0 && (
        <p class="setup-hint">
          {t('sinks.secretsLost', { sinks: withSecret.map(({ sink }) => sink).join(', ') })}
        </p>
      )}
      <button type="submit" class="button button-primary" disabled={attempt.busy.value}>
        {t('sinks.add')}
      </button>
    </form>
  );
}
