import './session-bar.css';
import { useRef } from 'preact/hooks';
import { clock } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { footSwitch, hasLabels, markerLabels } from '../state/marker-keys.ts';
import { openMarkers, openSession, sessionsUnavailable } from '../state/open-session.ts';
import {
  addMarker,
  noteMarker,
  noteSaved,
  pendingMarkers,
  saveNote,
  sessionError,
  startSession,
  stopSession,
} from '../state/session-actions.ts';
import { chosen } from '../state/streams.ts';
import { ConfirmButton, useConfirm } from './confirm-button.tsx';
import { KeyHint } from './key-hint.tsx';
import { StartOptions } from './start-options.tsx';
import { TargetOptions } from './target-options.tsx';
import { useKeys } from './use-keys.ts';

/** Starts and stops a session of the chosen stream, and adds markers to it. As high without a session as with one. */
export function SessionBar() {
  const session = openSession.value;
  return (
    <section class="session-bar" data-labels={hasLabels.value} aria-labelledby="session-head">
      <h2 id="session-head" class="visually-hidden">
        {t('session.session')}
      </h2>
      {session === null ? <StartSession /> : <OpenSession key={session.id} />}
      {hasLabels.value && <LabeledMarkers disabled={session === null} />}
    </section>
  );
}

function StartSession() {
  const possible = chosen.value !== null && sessionsUnavailable.value === null;
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
        {t('session.start')}
        <KeyHint text="S" />
      </button>
      <StartOptions disabled={!possible} />
      <p class="session-status" role="status">
        {sessionError.value ?? sessionsUnavailable.value ?? t('session.hint')}
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
            <button
              key={i}
              type="button"
              class="button"
              disabled={disabled}
              onClick={() => void addMarker(label)}
            >
              {label}
              <KeyHint text={String(i + 1)} />
            </button>
          ),
      )}
    </div>
  );
}

function OpenSession() {
  const stop = useConfirm(stopSession);
  const note = useRef<HTMLInputElement>(null);
  const labeled = markerLabels.value.flatMap((label, i) =>
    label === '' ? [] : [[String(i + 1), () => void addMarker(label)] as const],
  );
  useKeys({
    ...Object.fromEntries(labeled),
    m: () => void addMarker(),
    ...(footSwitch.value !== '' && { [footSwitch.value]: () => void addMarker() }),
    s: stop.press,
    n: () => note.current?.focus(),
  });
  return (
    <>
      <button type="button" class="button session-marker" onClick={() => void addMarker()}>
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
      {noteMarker.value === null || sessionError.value !== null ? (
        <p class="session-status" role="status">
          {sessionError.value ??
            (pendingMarkers.value > 0 ? t('session.sendingMarker') : t('session.markerHint'))}
        </p>
      ) : (
        <NoteForm key={noteMarker.value.id} input={note} />
      )}
    </>
  );
}

/** The note of the newest marker; saved when the field loses focus. */
function NoteForm({ input }: { input: { current: HTMLInputElement | null } }) {
  const marker = noteMarker.value!;
  const number = openMarkers.value.findIndex(({ id }) => id === marker.id) + 1;
  return (
    <form
      class="session-note"
      onSubmit={(event) => {
        event.preventDefault();
        input.current?.blur();
      }}
    >
      <label for="session-note">
        <span role="status">
          {t(noteSaved.value ? 'session.markerSaved' : 'session.markerAt', {
            number: number > 0 ? number : '',
            time: clock(marker.time),
          })}
        </span>
      </label>
      <input
        id="session-note"
        ref={input}
        class="text-input"
        type="text"
        maxLength={2000}
        autocomplete="off"
        placeholder={t('session.noteKey')}
        defaultValue={marker.note}
        onInput={() => {
          noteSaved.value = false;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        onBlur={(event) => {
          const text = event.currentTarget.value.trim();
          if (text !== marker.note) void saveNote(marker, text);
        }}
      />
    </form>
  );
}
