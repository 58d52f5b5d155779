import './markers.css';
import { type Signal, useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Marker } from '../../src/client/index.ts';
import { client } from '../state/client.ts';
import { elapsed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { withMarker } from '../state/open-session.ts';
import type { Player } from '../state/player.ts';
import { onStored, outbox } from '../state/saving.ts';
import { dropRefusedMarkers } from '../state/session-actions.ts';
import { noteTarget, targetOf } from '../state/unsaved.ts';
import { ConfirmButton, useConfirm } from './confirm-button.tsx';
import { SavingState } from './saving-state.tsx';
import { useDraft } from './use-draft.ts';

export interface MarkersProps {
  readonly id: string;
  readonly startMs: number;
  readonly markers: Signal<readonly Marker[]>;
  readonly player: Player;
  /** The session is signed: nothing can be changed. */
  readonly locked: boolean;
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
}

/**
 * Rows of one block: they are made, drawn and laid out together. The browser looks at each block with every screen
 * frame, also while a recording plays, so that thousands of blocks of one row would be slow.
 */
const BLOCK = 100;

/** The session's markers: each can be played from, edited and erased. */
export function Markers({ id, startMs, markers, player, locked, attempt }: MarkersProps) {
  /** The newest marker added here; its note gets the focus. */
  const added = useSignal<number | null>(null);
  /** Rows that are there: thousands at once would block the page. */
  const shown = useSignal(BLOCK);
  useEffect(() => {
    if (shown.value >= markers.value.length) return;
    const timer = setTimeout(() => {
      shown.value += BLOCK;
    });
    return () => clearTimeout(timer);
  }, [shown.value, markers.value]);
  const pressed = useRef<string | null>(null);
  const addHere = () => {
    const timeMs = Math.round(startMs + 1000 * player.position.peek());
    const ref = `${Date.now()}-here`;
    dropRefusedMarkers(id);
    pressed.current = `marker ${ref}`;
    outbox.add(id, { kind: 'marker', ref, timeMs, pressedMs: Date.now(), note: '' });
  };
  useEffect(
    () =>
      onStored((session, work, answer) => {
        if (session !== id || (work.kind !== 'marker' && work.kind !== 'note')) return;
        const marker = answer as Marker;
        markers.value = withMarker(markers.peek(), marker);
        if (work.kind === 'note') return;
        shown.value = Math.max(shown.peek(), markers.peek().length);
        // Whoever types elsewhere by now stays there.
        const isHere = document.activeElement?.matches('body, main, .markers-add') ?? true;
        if (pressed.current === targetOf(work) && isHere) added.value = marker.id;
      }),
    [id],
  );
  const waiting = useComputed(() =>
    outbox.all.value.find(({ session, work }) => session === id && work.kind === 'marker'),
  ).value;
  const onErase = (marker: Marker) =>
    attempt(async () => {
      await client.sessions.eraseMarker(id, marker.id);
      outbox.drop(id, noteTarget(marker.id));
      markers.value = markers.peek().filter((one) => one.id !== marker.id);
    });
  const made = useRef(new Map<number, MadeBlock>()).current;
  // A block that is the same is not made again when others change: thousands of rows would take a second each time.
  const blockAt = (from: number): JSX.Element => {
    const rows = markers.value.slice(from, from + BLOCK);
    const focused = rows.find((marker) => marker.id === added.value)?.id ?? null;
    const before = made.get(from);
    if (before !== undefined && before.focused === focused && before.locked === locked)
      if (before.rows.length === rows.length && rows.every((row, i) => row === before.rows[i]))
        return before.element;
    const element = (
      <ol key={from} class="markers-block" start={from + 1} style={{ '--rows': rows.length }}>
        {rows.map((marker, i) => (
          <MarkerRow
            key={marker.id}
            id={id}
            number={from + i + 1}
            marker={marker}
            locked={locked}
            focusNote={marker.id === focused}
            onSeek={() => player.seek(marker.at)}
            onErase={() => onErase(marker)}
          />
        ))}
      </ol>
    );
    made.set(from, { rows, focused, locked, element });
    return element;
  };
  const blocks = Math.ceil(Math.min(shown.value, markers.value.length) / BLOCK);
  return (
    <section class="markers" aria-labelledby="markers-head">
      <div class="markers-head">
        <h2 id="markers-head">{t('marker.title')}</h2>
        <p class="markers-status" role="status">
          {waiting?.state === 'refused' ? waiting.reason : waiting?.late ? t('saving.notYet') : ''}
        </p>
        {!locked && (
          <button type="button" class="button markers-add" onClick={addHere}>
            {t('marker.addHere')}
          </button>
        )}
      </div>
      {markers.value.length === 0 ? (
        <p class="markers-empty">{t('marker.none')}</p>
      ) : (
        <div class="markers-list">{Array.from({ length: blocks }, (_, i) => blockAt(BLOCK * i))}</div>
      )}
    </section>
  );
}

interface MadeBlock {
  readonly rows: readonly Marker[];
  /** The row whose note gets the focus; null: none of this block. */
  readonly focused: number | null;
  readonly locked: boolean;
  readonly element: JSX.Element;
}

interface MarkerRowProps {
  /** Code of the session. */
  readonly id: string;
  readonly number: number;
  readonly marker: Marker;
  readonly locked: boolean;
  /** Moves the focus to the note. */
  readonly focusNote: boolean;
  readonly onSeek: () => void;
  readonly onErase: () => void;
}

function MarkerRow({ id, number, marker, locked, focusNote, onSeek, onErase }: MarkerRowProps) {
  const state = useId();
  const draft = useDraft(id, marker.note, (text) => ({ kind: 'note', marker: marker.id, text }));
  const erase = useConfirm(onErase);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focusNote) input.current?.focus();
  }, [focusNote]);
  return (
    <li data-locked={locked}>
      <button type="button" class="button markers-seek" onClick={onSeek}>
        <span class="visually-hidden">{t('marker.goTo')} </span>
        <b>{number}</b> <span>{elapsed(marker.at)}</span>
      </button>
      <input
        ref={input}
        type="text"
        class="text-input"
        aria-label={t('marker.noteFor', { number })}
        placeholder={t('marker.note')}
        maxLength={2000}
        readOnly={locked}
        aria-describedby={state}
        {...draft}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {!locked && (
        <ConfirmButton
          confirm={erase}
          text={
            <>
              <span class="visually-hidden">{t('marker.erase')}</span>
              <span aria-hidden="true">×</span>
            </>
          }
          confirmText={t('marker.eraseNow')}
          object={t('marker.object', { number })}
        />
      )}
      <SavingState session={id} target={noteTarget(marker.id)} id={state} />
    </li>
  );
}
