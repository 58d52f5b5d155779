import './markers.css';
import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
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

/** Rows that are added at a time. */
const CHUNK = 100;

/** The session's markers: each can be played from, edited and erased. */
export function Markers({ id, startMs, markers, player, locked, attempt }: MarkersProps) {
  /** The newest marker added here; its note gets the focus. */
  const added = useSignal<number | null>(null);
  /** Rows that are there: thousands at once would block the page. */
  const shown = useSignal(CHUNK);
  useEffect(() => {
    if (shown.value >= markers.value.length) return;
    const timer = setTimeout(() => {
      shown.value += CHUNK;
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
  // A row that is there is not made again when others are added: thousands of rows would take a second each time.
  const made = useMemo(() => new Map<number, JSX.Element>(), [markers.value, locked, added.value]);
  const rowOf = (marker: Marker, i: number) => {
    const row = made.get(marker.id) ?? (
      <MarkerRow
        key={marker.id}
        number={i + 1}
        marker={marker}
        locked={locked}
        focusNote={marker.id === added.value}
        onSeek={() => player.seek(marker.at)}
        onNote={(note) =>
          attempt(async () => {
            const changed = await client.sessions.changeMarker(id, marker.id, { note });
            markers.value = markers.peek().map((one) => (one.id === changed.id ? changed : one));
          })
        }
        onErase={() =>
          attempt(async () => {
            await client.sessions.eraseMarker(id, marker.id);
            markers.value = markers.peek().filter((one) => one.id !== marker.id);
          })
        }
      />
    );
    made.set(marker.id, row);
    return row;
  };
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
        <ol>{markers.value.slice(0, shown.value).map(rowOf)}</ol>
      )}
    </section>
  );
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
