import './session-bar.css';
import { useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { clock } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { footSwitch, hasLabels, markerLabels } from '../state/marker-keys.ts';
import { openMarkers, openSession, sessionsUnavailable } from '../state/open-session.ts';
import { outbox, unsaved } from '../state/saving.ts';
import {
  type AddedMarker,
  addMarker,
  discardKeptSession,
  editLastMarker,
  keptSession,
  noteMarker,
  sessionError,
  sessionKey,
  startSession,
  stopSession,
} from '../state/session-actions.ts';
import { chosen, nameNow } from '../state/streams.ts';
import { isNew, noteTarget } from '../state/unsaved.ts';
import { ConfirmButton, useConfirm } from './confirm-button.tsx';
import { KeyHint } from './key-hint.tsx';
import { StartOptions } from './start-options.tsx';
import { TargetOptions } from './target-options.tsx';
import { useDraft } from './use-draft.ts';
import { useKeys } from './use-keys.ts';

/** Starts and stops a session of the chosen stream, and adds markers to it. As high without a session as with one. */
export function SessionBar() {
  const session = openSession.value;
  return (
    <section class="session-bar" data-labels={hasLabels.value} aria-labelledby="session-head">
      <h2 id="session-head" class="visually-hidden">
        {t('session.session')}
      </h2>
      {session === null ? <StartSession /> : <OpenSession key={sessionKey(session.id)} id={session.id} />}
      {hasLabels.value && <LabeledMarkers disabled={session === null} />}
    </section>
  );
}

function StartSession() {
  const stream = chosen.value;
  const goesOn = stream !== null && nameNow(stream) !== null; // not removed
  const possible = goesOn && sessionsUnavailable.value === null;
  const kept = keptSession.value;
  const discard = useConfirm(discardKeptSession);
  useKeys({ s: () => possible && void startSession() });
  return (
    <>
      <button
        type="button"
        class="button session-start"
        disabled={!possible}
        onClick={() => void startSession()}
      >
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <circle cx="6" cy="6" r="5" fill="var(--record)" />
        </svg>
        {t(kept === null ? 'session.start' : 'session.startAgain')}
        <KeyHint text="S" />
      </button>
      <StartOptions disabled={!possible} />
      {kept !== null && (
        <ConfirmButton
          confirm={discard}
          text={t('session.discard')}
          confirmText={t('session.discardNow')}
          object={t('session.object')}
        />
      )}
      <p class="session-status" role="status">
        {kept === null ? (
          (sessionError.value ?? sessionsUnavailable.value ?? t('session.hint'))
        ) : (
          <>
            {kept.reason}
            <br />
            {t('session.kept', { time: clock(kept.startedAt), count: kept.markers })}
          </>
        )}
      </p>
    </>
  );
}

/** The markers with notes of their own, as buttons: a screen to touch has no keys. */
function LabeledMarkers({ disabled }: { readonly disabled: boolean }) {
  return (
    <div class="session-labels">
      {markerLabels.value.map(
        (label, i) =>
          label !== '' && (
            <button key={i} type="button" class="button" disabled={disabled} onClick={() => addMarker(label)}>
              {label}
              <KeyHint text={String(i + 1)} />
            </button>
          ),
      )}
    </div>
  );
}

function OpenSession({ id }: { readonly id: string }) {
  const added = noteMarker.value?.session === id ? noteMarker.value : null;
  const stop = useConfirm(() => stopSession());
  const note = useRef<HTMLInputElement>(null);
  const wantsNote = useRef(false);
  const focusNote = () => {
    const field = note.current;
    if (!wantsNote.current || field === null || field.name !== noteMarker.peek()?.key) return;
    wantsNote.current = false;
    field.focus();
    // After the label of a key, which is the note already: not before it.
    field.setSelectionRange(field.value.length, field.value.length);
  };
  const labeled = markerLabels.value.flatMap((label, i) =>
    label === '' ? [] : [[String(i + 1), () => addMarker(label)] as const],
  );
  useKeys({
    ...Object.fromEntries(labeled),
    m: () => addMarker(),
    ...(footSwitch.value !== '' && { [footSwitch.value]: () => addMarker() }),
    s: stop.press,
    n: () => {
      editLastMarker();
      wantsNote.current = true;
      focusNote();
    },
  });
  // The field may be that of another marker, which is there with the next rendering.
  useLayoutEffect(focusNote, [added?.key]);
  // After a reload, the field is that of the last marker.
  useSignalEffect(() => {
    if (openMarkers.value.length > 0 && noteMarker.peek()?.session !== id) editLastMarker();
  });
  return (
    <>
      <button type="button" class="button session-marker" onClick={() => addMarker()}>
        {t('session.marker')}
        <KeyHint text="M" />
      </button>
      <ConfirmButton
        confirm={stop}
        class="session-stop"
        text={t('session.stop')}
        confirmText={t('session.stopNow')}
        object={t('session.object')}
      >
        <KeyHint text="S" />
      </ConfirmButton>
      <TargetOptions />
      {added === null ? (
        <p class="session-status" role="status">
          {sessionError.value ??
            (unsaved.value.some(({ session }) => session === id)
              ? t('saving.notYet')
              : t('session.markerHint'))}
        </p>
      ) : (
        <NoteForm key={added.key} marker={added} input={note} />
      )}
    </>
  );
}

interface NoteFormProps {
  readonly marker: AddedMarker;
  readonly input: { current: HTMLInputElement | null };
}

/** The note of a marker; saved when the field loses focus. */
function NoteForm({ marker, input }: NoteFormProps) {
  const { session, key, ref, note } = marker;
  const field = useDraft(session, note, (text) => ({ kind: 'note', marker: ref, text }));
  return (
    <form
      class="session-note"
      onSubmit={(event) => {
        event.preventDefault();
        input.current?.blur();
      }}
    >
      <label for="session-note">
        <span role="status">{sessionError.value ?? noteState(marker)}</span>
      </label>
      <input
        id="session-note"
        name={key}
        ref={input}
        class="text-input"
        type="text"
        maxLength={2000}
        autocomplete="off"
        placeholder={t('session.noteKey')}
        {...field}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
    </form>
  );
}

/** Which marker it is, and whether it and its note are saved; why not, if the server does not accept them. */
function noteState({ session, key, ref, time }: AddedMarker): string {
  const parts = [outbox.find(session, `marker ${key}`), outbox.find(session, noteTarget(ref))];
  const refused = parts.find((part) => part?.state === 'refused');
  if (refused !== undefined) return refused.reason ?? '';
  const isBefore = (other: { readonly time: string }) => other.time < time;
  const stored = openMarkers.value.findIndex(({ id }) => id === ref);
  const number = 1 + (stored >= 0 ? stored : openMarkers.value.filter(isBefore).length + waitingBefore(key));
  const values = { number, time: clock(time) };
  if (isNew(session) || parts.some((part) => part?.late)) return t('session.markerNotYet', values);
  const isSaved = parts.every((part) => part === undefined);
  return t(isSaved ? 'session.markerSaved' : 'session.markerAt', values);
}

/** Markers that wait for the server and were added before this one. */
function waitingBefore(key: string): number {
  const markers = outbox.all.value.flatMap(({ work }) => (work.kind === 'marker' ? [work.ref] : []));
  return Math.max(0, markers.indexOf(key));
}
