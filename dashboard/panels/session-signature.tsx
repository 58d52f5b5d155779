import { type Signal, untracked, useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Addendum, Session } from '../../src/client/index.ts';
import { client } from '../state/client.ts';
import { dateTimeWithYear } from '../state/dates.ts';
import { t } from '../state/i18n.ts';
import { onStored, outbox } from '../state/saving.ts';
import type { Work } from '../state/unsaved.ts';
import { ConfirmButton, useConfirm } from './confirm-button.tsx';
import { SavingState } from './saving-state.tsx';

type AddendumWork = Extract<Work, { kind: 'addendum' }>;

export interface SessionSignatureProps {
  readonly session: Signal<Session>;
  /** Runs a request and shows its error. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
}

/** Signs a session that is over, which locks it; later, who signed it, and what was added since. */
export function SessionSignature({ session, attempt }: SessionSignatureProps) {
  const { signed, state } = session.value;
  if (signed !== null) return <Signed session={session} attempt={attempt} />;
  return state === 'open' ? null : <Sign session={session} attempt={attempt} />;
}

/** Needs a second press, because a signature cannot be taken back. */
function Sign({ session, attempt }: SessionSignatureProps) {
  const name = useSignal('');
  // A signature locks the session: what is on its way would be refused.
  const isWaiting = useComputed(() =>
    outbox.all.value.some(({ session: id, state }) => id === session.peek().id && state === 'queued'),
  ).value;
  const confirm = useConfirm(() =>
    attempt(async () => {
      session.value = await client.sessions.sign(session.peek().id, name.peek().trim());
    }),
  );
  return (
    <div class="details-sign">
      <NameField name={name} />
      {name.value.trim() === '' || isWaiting ? (
        <button type="button" class="button" disabled>
          {t('sign.sign')}
        </button>
      ) : (
        <ConfirmButton
          confirm={confirm}
          text={t('sign.sign')}
          confirmText={t('sign.now')}
          object={t('session.object')}
        />
      )}
      <p>{t('sign.hint')}</p>
    </div>
  );
}

function Signed({ session, attempt }: SessionSignatureProps) {
  const { id, signed } = session.value;
  const addenda = useSignal<readonly Addendum[]>([]);
  const before = untracked(() => outbox.find(id, 'addendum'))?.work as AddendumWork | undefined;
  const name = useSignal(before?.name ?? '');
  const text = useSignal(before?.text ?? '');
  const state = useComputed(() => outbox.find(id, 'addendum')?.state).value;
  useEffect(() => {
    void attempt(async () => {
      addenda.value = await client.sessions.addenda(id);
    });
    return onStored((of, work, answer) => {
      if (of !== id || work.kind !== 'addendum') return;
      addenda.value = [...addenda.peek(), answer as Addendum];
      if (text.peek() === work.text) text.value = '';
    });
  }, [id]);
  const work = (): AddendumWork => ({ kind: 'addendum', name: name.peek(), text: text.peek() });
  const keep = () => (text.peek() === '' ? outbox.drop(id, 'addendum') : outbox.draft(id, work()));
  return (
    <div class="details-signed">
      <p class="details-signature">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3.5 7h9v7h-9zM5.5 7V4.5a2.5 2.5 0 0 1 5 0V7" />
        </svg>
        {t('sign.signed', { name: signed!.name, time: dateTimeWithYear(signed!.time) })}
      </p>
      {addenda.value.length > 0 && (
        <>
          <h3>{t('sign.addenda')}</h3>
          <ul>
            {addenda.value.map((one) => (
              <li key={one.id}>
                <b>{one.name}</b> <span>{dateTimeWithYear(one.time)}</span>
                <p>{one.text}</p>
              </li>
            ))}
          </ul>
        </>
      )}
      <form
        class="details-addendum"
        onSubmit={(event) => {
          event.preventDefault();
          outbox.add(id, work());
        }}
      >
        <label>
          {t('sign.addendum')}
          <textarea
            class="text-input"
            rows={2}
            required
            maxLength={20_000}
            value={text.value}
            onInput={(event) => {
              text.value = event.currentTarget.value;
              keep();
            }}
          />
        </label>
        <NameField name={name} required onTyped={keep} />
        <button type="submit" class="button" disabled={state === 'queued'}>
          {t('sign.add')}
        </button>
        <SavingState session={id} target="addendum" withSaved />
      </form>
    </div>
  );
}

/** Who signs. */
function NameField({
  name,
  required = false,
  onTyped,
}: {
  readonly name: Signal<string>;
  readonly required?: boolean;
  readonly onTyped?: () => void;
}) {
  return (
    <label>
      {t('sign.name')}
      <input
        type="text"
        class="text-input"
        required={required}
        maxLength={200}
        autocomplete="name"
        value={name.value}
        onInput={(event) => {
          name.value = event.currentTarget.value;
          onTyped?.();
        }}
      />
    </label>
  );
}
