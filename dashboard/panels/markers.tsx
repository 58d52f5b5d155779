import './markers.css';
import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Marker } from '../../src/client/index.ts';
import { client } from '../state/client.ts';
import { elapsed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import type { Player } from '../state/player.ts';
import { sortMarkers } from '../state/session-actions.ts';
import { ConfirmButton, useConfirm } from './confirm-button.tsx';

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
  const addHere = () =>
    attempt(async () => {
      const time = startMs / 1000 + player.position.peek();
      const marker = await client.sessions.addMarker(id, { time });
      added.value = marker.id;
      markers.value = sortMarkers([...markers.peek(), marker]);
      shown.value = Math.max(shown.peek(), markers.peek().length);
    });
  const onNote = (marker: Marker, note: string) =>
    attempt(async () => {
      const changed = await client.sessions.changeMarker(id, marker.id, { note });
      markers.value = markers.peek().map((one) => (one.id === changed.id ? changed : one));
    });
  const onErase = (marker: Marker) =>
    attempt(async () => {
      await client.sessions.eraseMarker(id, marker.id);
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
            number={from + i + 1}
            marker={marker}
            locked={locked}
            focusNote={marker.id === focused}
            onSeek={() => player.seek(marker.at)}
            onNote={(note) => onNote(marker, note)}
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
        {!locked && (
          <button type="button" class="button" onClick={addHere}>
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
  readonly number: number;
  readonly marker: Marker;
  readonly locked: boolean;
  /** Moves the focus to the note. */
  readonly focusNote: boolean;
  readonly onSeek: () => void;
  readonly onNote: (note: string) => void;
  readonly onErase: () => void;
}

function MarkerRow({ number, marker, locked, focusNote, onSeek, onNote, onErase }: MarkerRowProps) {
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
        defaultValue={marker.note}
        onChange={(event) => onNote(event.currentTarget.value.trim())}
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
    </li>
  );
}
