import './session-bar.css';
import { useRef } from 'preact/hooks';
import { chosen } from '../state/store.ts';
import { clock } from '../view/format.ts';
import {
  markersOnTheWay,
  noteFor,
  sessionFault,
  setMarker,
  startSession,
  stopSession,
  writeNote,
} from './actions.ts';
import { useKeys } from './keys.ts';
import { openMarkers, openSession, sessionsRefused } from './open-session.ts';
import { useArmed } from './use-armed.ts';

/** Starts and stops a session of the chosen stream, and marks moments of it. One line, whatever goes on. */
export function SessionBar() {
  const session = openSession.value;
  return (
    <section class="session-bar" aria-label="Session">
      {session === null ? <Idle /> : <Open key={session.id} />}
    </section>
  );
}

function Idle() {
  const possible = chosen.value !== null && sessionsRefused.value === null;
  useKeys({ s: () => possible && void startSession() });
  return (
    <>
      <button type="button" class="button session-start" disabled={!possible} onClick={startSession}>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <circle cx="6" cy="6" r="5" fill="var(--record)" />
        </svg>
        Start session
        <kbd>S</kbd>
      </button>
      <p class="session-said" role="status">
        {sessionFault.value ??
          sessionsRefused.value ??
          'Keeps the emotion from now on, never the sound. It gets a code; no name is asked for.'}
      </p>
    </>
  );
}

function Open() {
  const stop = useArmed(stopSession);
  const note = useRef<HTMLInputElement>(null);
  useKeys({ m: () => void setMarker(), s: stop.press, n: () => note.current?.focus() });
  return (
    <>
      <button type="button" class="button session-marker" onClick={setMarker}>
        Marker
        <kbd>M</kbd>
      </button>
      <button
        type="button"
        class="button session-stop"
        data-armed={stop.armed}
        onClick={stop.press}
        aria-label={stop.armed ? 'Stop the session now' : 'Stop session'}
      >
        {stop.armed ? 'Stop now?' : 'Stop'}
        <kbd>S</kbd>
      </button>
      {noteFor.value === null || sessionFault.value !== null ? (
        <p class="session-said" role="status">
          {sessionFault.value ??
            (markersOnTheWay.value > 0
              ? 'The marker is on its way.'
              : 'Set a marker whenever something happens.')}
        </p>
      ) : (
        <Note key={noteFor.value.id} input={note} />
      )}
    </>
  );
}

/** A note to the newest marker, which has its time already. */
function Note({ input }: { input: { current: HTMLInputElement | null } }) {
  const marker = noteFor.value!;
  const number = openMarkers.value.findIndex(({ id }) => id === marker.id) + 1;
  return (
    <form
      class="session-note"
      onSubmit={(event) => {
        event.preventDefault();
        input.current?.blur(); // Which writes it.
      }}
    >
      <label for="session-note">
        <span role="status">
          Marker {number > 0 && number}, {clock(marker.time)}
        </span>
      </label>
      <input
        id="session-note"
        ref={input}
        class="text-input"
        type="text"
        maxLength={2000}
        autocomplete="off"
        placeholder="Note (N)"
        defaultValue={marker.note}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        onBlur={(event) => {
          const text = event.currentTarget.value.trim();
          if (text !== marker.note) void writeNote(marker, text);
        }}
      />
    </form>
  );
}
