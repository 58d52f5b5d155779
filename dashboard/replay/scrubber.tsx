import './scrubber.css';
import type { ReadonlySignal } from '@preact/signals';
import type { Marker } from '../../src/client/index.ts';
import { elapsed } from '../sessions/elapsed.ts';
import { useKeys } from '../sessions/keys.ts';
import { Overview } from './overview.tsx';
import { type Player, SPEEDS } from './player.ts';
import type { Recording } from './recording.ts';

export interface ScrubberProps {
  readonly recording: Recording;
  readonly player: Player;
  readonly markers: ReadonlySignal<readonly Marker[]>;
}

/** Play, pause and speed, and the whole session as a strip to move in. */
export function Scrubber({ recording, player, markers }: ScrubberProps) {
  const { position, playing, length } = player;
  const at = position.value;
  const step = Math.max(recording.stepSeconds, length / 200);
  const toggle = () => {
    if (!playing.value && at >= length) player.seek(0);
    playing.value = !playing.value;
  };
  const jump = (by: number) => player.seek(position.peek() + by);
  useKeys({ ' ': toggle, k: toggle, arrowleft: () => jump(-step), arrowright: () => jump(step) });
  return (
    <section class="scrubber" aria-label="Replay">
      <div class="scrubber-controls">
        <button type="button" class="button scrubber-play" onClick={toggle}>
          <svg viewBox="0 0 14 14" aria-hidden="true">
            <path
              d={playing.value ? 'M2 1h3.5v12H2zM8.5 1H12v12H8.5z' : 'M2.5 1 13 7 2.5 13z'}
              fill="currentColor"
            />
          </svg>
          {playing.value ? 'Pause' : 'Play'}
        </button>
        <label class="scrubber-speed">
          <span class="unseen">Speed</span>
          <select
            class="text-input"
            value={player.speed.value}
            onChange={(event) => {
              player.speed.value = Number(event.currentTarget.value);
            }}
          >
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {speed} ×
              </option>
            ))}
          </select>
        </label>
        <p class="scrubber-time">
          <b>{elapsed(at)}</b> of {elapsed(length)}
        </p>
      </div>
      <div class="scrubber-strip">
        <Overview recording={recording} markers={markers.value} />
        <div class="scrubber-past" style={{ '--at': length > 0 ? at / length : 0 }} aria-hidden="true" />
        <input
          type="range"
          class="scrubber-range"
          aria-label="Place in the session"
          aria-valuetext={`${elapsed(at)} of ${elapsed(length)}`}
          min={0}
          max={length}
          step="any"
          value={at}
          onInput={(event) => player.seek(Number(event.currentTarget.value))}
        />
      </div>
    </section>
  );
}
