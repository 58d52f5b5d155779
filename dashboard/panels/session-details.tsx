import './session-details.css';
import { type ReadonlySignal, type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Marker, Session } from '../../src/client/index.ts';
import { client, withToken } from '../state/client.ts';
import { t } from '../state/i18n.ts';
import { onRefused, onStored } from '../state/saving.ts';
import { stopSessionOf } from '../state/session-actions.ts';
import { copySessionReport, sessionReportHref, sessionReportPdf } from '../state/session-report.ts';
import { ConfirmButton, useConfirm } from './confirm-button.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { SavedField } from './saved-field.tsx';
import { SavingState } from './saving-state.tsx';
import { SessionSignature } from './session-signature.tsx';
import { SessionVersions } from './session-versions.tsx';

export interface SessionDetailsProps {
  readonly session: Signal<Session>;
  readonly markers: ReadonlySignal<readonly Marker[]>;
  /** Runs a request and shows its error. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
}

/** Title, tags and notes of a session, its exports, and the button to erase it. */
export function SessionDetails({ session, markers, attempt }: SessionDetailsProps) {
  const { id, title, tags, notes, recordNumber, target, signed, state } = session.value;
  const locked = signed !== null;
  const dialog = useRef<HTMLDialogElement>(null);
  const status = useSignal('');
  useEffect(() => {
    const ends = [
      onStored((of, work, answer) => {
        if (of === id && work.kind === 'stop') session.value = answer as Session;
      }),
      onRefused((of, { kind }, reason) => {
        if (of === id && kind === 'stop') status.value = reason;
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [id]);
  const copy = () =>
    attempt(async () => {
      await copySessionReport(id);
      status.value = t('session.copied');
    });
  const savePdf = () =>
    attempt(async () => {
      status.value = t('session.creatingPdf');
      try {
        save(await sessionReportPdf(id), `${id}.pdf`);
      } finally {
        status.value = '';
      }
    });
  return (
    <section class="details" aria-labelledby="details-head">
      <h2 id="details-head">{t('session.details')}</h2>
      <SavedField
        {...{ session: id, readOnly: locked, field: 'title', label: t('session.title') }}
        stored={title ?? ''}
        maxLength={200}
      />
      <SavedField
        {...{ session: id, readOnly: locked, field: 'tags', label: t('session.tags') }}
        stored={tags.join(', ')}
      />
      <SavedField
        {...{ session: id, readOnly: locked, field: 'recordNumber', label: t('session.recordNumber') }}
        stored={recordNumber ?? ''}
        maxLength={64}
      />
      <SavedField
        {...{ session: id, readOnly: locked, field: 'notes', label: t('session.notes') }}
        stored={notes}
        maxLength={20_000}
        rows={4}
      />
      <SessionVersions
        id={id}
        numberOf={(marker) => {
          const at = markers.peek().findIndex((one) => one.id === marker);
          return at < 0 ? undefined : at + 1;
        }}
      />
      <SessionSignature session={session} attempt={attempt} />
      <div class="details-actions">
        <a class="button" href={sessionReportHref(id)} target="_blank" rel="noopener">
          {t('session.report')}
        </a>
        <button type="button" class="button" onClick={savePdf}>
          PDF
        </button>
        <button type="button" class="button" onClick={copy}>
          {t('session.copy')}
        </button>
        <a
          class="button"
          href={withToken(client.sessions.csvUrl(id, target === null ? {} : { target: 'yes' }))}
          download={`${id}.csv`}
        >
          CSV
        </a>
        {state === 'open' && (
          <>
            <StopButton onStop={() => stopSessionOf(id)} />
            <SavingState session={id} target="stop" />
          </>
        )}
        <button type="button" class="button details-erase" onClick={() => dialog.current?.showModal()}>
          {t('session.eraseMore')}
        </button>
      </div>
      <p class="details-status" role="status">
        {status.value}
      </p>
      <EraseDialog dialog={dialog} id={id} attempt={attempt} />
    </section>
  );
}

/** Needs a second press, because a stopped session cannot continue. */
function StopButton({ onStop }: { onStop: () => void }) {
  const stop = useConfirm(onStop);
  return (
    <ConfirmButton
      confirm={stop}
      text={t('session.stop')}
      confirmText={t('session.stopNow')}
      object={t('session.object')}
    />
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
