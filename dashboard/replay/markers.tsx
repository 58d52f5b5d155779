import './markers.css';
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Marker } from '../../src/client/index.ts';
import { client } from '../live/client.ts';
import { elapsed } from '../sessions/elapsed.ts';
import { useArmed } from '../sessions/use-armed.ts';
import type { Player } from './player.ts';

export interface MarkersProps {
  readonly id: string;
  readonly startMs: number;
  readonly markers: Signal<readonly Marker[]>;
  readonly player: Player;
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
}

/** The session's markers: a press goes to the moment, the note can be written anew. */
export function Markers({ id, startMs, markers, player, attempt }: MarkersProps) {
  /** The one that was set here last: its note is what comes next. */
  const added = useSignal<number | null>(null);
  const addHere = () =>
    attempt(async () => {
      const time = startMs / 1000 + player.position.peek();
      const marker = await client.sessions.addMarker(id, { time });
      added.value = marker.id;
      markers.value = [...markers.peek(), marker].sort((a, b) => a.at - b.at || a.id - b.id);
    });
  return (
    <section class="markers" aria-labelledby="markers-head">
      <div class="markers-head">
        <h2 id="markers-head">Markers</h2>
        <button type="button" class="button" onClick={addHere}>
          Add one here
        </button>
      </div>
      {markers.value.length === 0 ? (
        <p class="markers-none">None yet.</p>
      ) : (
        <ol>
          {markers.value.map((marker, i) => (
            <MarkerRow
              key={marker.id}
              number={i + 1}
              marker={marker}
              fresh={marker.id === added.value}
              onGo={() => player.seek(marker.at)}
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
          ))}
        </ol>
      )}
    </section>
  );
}

interface MarkerRowProps {
  readonly number: number;
  readonly marker: Marker;
  /** Whether its note is to be written now. */
  readonly fresh: boolean;
  readonly onGo: () => void;
  readonly onNote: (note: string) => void;
  readonly onErase: () => void;
}

function MarkerRow({ number, marker, fresh, onGo, onNote, onErase }: MarkerRowProps) {
  const erase = useArmed(onErase);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (fresh) input.current?.focus();
  }, [fresh]);
  return (
    <li>
      <button
        type="button"
        class="button markers-go"
        onClick={onGo}
        aria-label={`Go to marker ${number}, at ${elapsed(marker.at)}`}
      >
        <b>{number}</b>
        {elapsed(marker.at)}
      </button>
      <input
        ref={input}
        type="text"
        class="text-input"
        aria-label={`Note of marker ${number}`}
        placeholder="Note"
        maxLength={2000}
        defaultValue={marker.note}
        onChange={(event) => onNote(event.currentTarget.value.trim())}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <button
        type="button"
        class="button markers-erase"
        data-armed={erase.armed}
        onClick={erase.press}
        aria-label={erase.armed ? `Erase marker ${number} now` : `Erase marker ${number}`}
      >
        {erase.armed ? 'Erase?' : '×'}
      </button>
    </li>
  );
}
