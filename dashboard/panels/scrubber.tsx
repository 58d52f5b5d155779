import './scrubber.css';
import type { ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Marker } from '../../src/client/index.ts';
import { markerLines } from '../draw/marker-lines.ts';
import { OVERVIEW_HEIGHT, OVERVIEW_WIDTH, overviewPaths } from '../draw/overview.ts';
import type { Curve } from '../state/curve.ts';
import { elapsed } from '../state/format.ts';
import { locale, t } from '../state/i18n.ts';
import type { Player } from '../state/player.ts';
import { chartMarkers } from '../state/scene.ts';
import { speedsFor } from '../state/speeds.ts';
import { SteadyText } from './steady-text.tsx';
import { useKeys } from './use-keys.ts';

export interface ScrubberProps {
  readonly recording: Curve;
  readonly player: Player;
  readonly markers: ReadonlySignal<readonly Marker[]>;
}

/** Play, pause and speed, and a strip of the whole session to seek in. */
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
    <section class="scrubber" aria-labelledby="scrubber-head">
      <h2 id="scrubber-head" class="visually-hidden">
        {t('replay.replay')}
      </h2>
      <div class="scrubber-controls">
        <button type="button" class="button scrubber-play" onClick={toggle}>
          <svg viewBox="0 0 14 14" aria-hidden="true">
            <path
              d={playing.value ? 'M2 1h3.5v12H2zM8.5 1H12v12H8.5z' : 'M2.5 1 13 7 2.5 13z'}
              fill="currentColor"
            />
          </svg>
          <SteadyText texts={[t('replay.pause'), t('replay.play')]}>
            {t(playing.value ? 'replay.pause' : 'replay.play')}
          </SteadyText>
        </button>
        <label>
          <span class="visually-hidden">{t('replay.speed')}</span>
          <select
            class="text-input"
            value={player.speed.value}
            onChange={(event) => {
              player.speed.value = Number(event.currentTarget.value);
            }}
          >
            {speedsFor(length).map((speed) => (
              <option key={speed} value={speed}>
                {speed.toLocaleString(locale())} ×
              </option>
            ))}
          </select>
        </label>
        <p class="scrubber-time">
          <b>{elapsed(at)}</b> {t('replay.of', { length: elapsed(length) })}
        </p>
      </div>
      <div class="scrubber-strip">
        <Overview recording={recording} length={length} markers={markers.value} />
        <div class="scrubber-elapsed" style={{ '--at': length > 0 ? at / length : 0 }} aria-hidden="true" />
        <input
          type="range"
          class="scrubber-range"
          aria-label={t('replay.position')}
          aria-valuetext={`${elapsed(at)} ${t('replay.of', { length: elapsed(length) })}`}
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

/** Least distance of two markers' lines, in the strip's own units. */
const LINES_APART = OVERVIEW_WIDTH / 1000;

interface OverviewProps {
  readonly recording: Curve;
  /** Seconds. */
  readonly length: number;
  readonly markers: readonly Marker[];
}

/** Valence, arousal and the markers of the whole session. */
export function Overview({ recording, length, markers }: OverviewProps) {
  const { valence, arousal } = useMemo(() => overviewPaths(recording), [recording]);
  // One path, made once, of no more lines than the strip has room for: there may be thousands of markers.
  const lines = useMemo(() => {
    const places = chartMarkers(markers, ({ at }) => (length > 0 ? (OVERVIEW_WIDTH * at) / length : 0));
    return markerLines(places, 0, OVERVIEW_WIDTH, LINES_APART)
      .map(({ x }) => `M${x.toFixed(2)} 0V${OVERVIEW_HEIGHT}`)
      .join('');
  }, [markers, length]);
  const viewBox = `0 0 ${OVERVIEW_WIDTH} ${OVERVIEW_HEIGHT}`;
  return (
    <svg class="overview" viewBox={viewBox} preserveAspectRatio="none" aria-hidden="true">
      <path class="overview-zero" d={`M0 ${OVERVIEW_HEIGHT / 2}H${OVERVIEW_WIDTH}`} />
      <path class="overview-line" data-axis="valence" d={valence} />
      <path class="overview-line" data-axis="arousal" d={arousal} />
      <path class="overview-marker" d={lines} />
    </svg>
  );
}
