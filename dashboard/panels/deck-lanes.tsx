import './deck-lanes.css';
import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { AXES } from '../../src/frame-fields.ts';
import { FORECAST_HORIZONS } from '../../src/types.ts';
import { lineUnit, palette } from '../draw/canvas.ts';
import { drawSparkline, LIMIT } from '../draw/sparkline.ts';
import { FORECAST_SECONDS } from '../draw/timeline.ts';
import { fixed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { currentFrame, secondsStill } from '../state/stream-status.ts';
import { records } from '../state/streams.ts';
import { useCanvas } from './use-canvas.ts';

/** Seconds of the past that a deck's lanes show. */
const LANE_SECONDS = 90;
/** Seconds from now that are labeled. */
const TIMES = [-LANE_SECONDS, -60, -30, 0, FORECAST_HORIZONS.at(-1)!] as const;

/** Both axes of a stream over the last minute and a half, and their forecasts, with scale and times. */
export function DeckLanes({ name }: { readonly name: string }) {
  const drawn = useRef('');
  const { canvas, redraw } = useCanvas((context, due) => {
    if (due) drawn.current = '';
    const record = records.get(name);
    if (record === undefined) return false;
    const { ring } = record;
    const newest = ring.length > 0 ? ring.x(ring.length - 1) : 0;
    const still = Math.min(secondsStill(record, newest), LANE_SECONDS);
    const key = `${newest} ${ring.length} ${still}`;
    if (key === drawn.current) return false;
    drawn.current = key;
    const now = newest + still;
    const range = { from: now - LANE_SECONDS, to: now + FORECAST_SECONDS };
    const ahead = currentFrame(record)?.forecast ?? null;
    drawSparkline(context, [{ steps: ring, ...range }], range, palette.peek(), lineUnit(), ahead);
    return false;
  });
  useSignalEffect(() => {
    palette.value;
    redraw();
  });
  const limit = fixed(LIMIT, 1);
  // For eyes only: the table beside it has the values.
  return (
    <div class="deck-lanes" aria-hidden="true">
      <div class="deck-scale">
        {AXES.map((axis) => (
          <div key={axis}>
            <span>+{limit}</span>
            <span class="deck-zero">0</span>
            <span>−{limit}</span>
          </div>
        ))}
      </div>
      <div class="deck-plot">
        <canvas ref={canvas} />
        {AXES.map((axis) => (
          <span key={axis} class="deck-axis" data-axis={axis}>
            {t(`axis.${axis}`)} <span class="deck-limit">±{limit}</span>
          </span>
        ))}
      </div>
      <div class="deck-times">
        {TIMES.map((seconds) => (
          <span
            key={seconds}
            style={{ '--at': (seconds + LANE_SECONDS) / (LANE_SECONDS + FORECAST_SECONDS) }}
          >
            {seconds === 0 ? t('scene.now') : `${seconds < 0 ? '−' : '+'}${Math.abs(seconds)} s`}
          </span>
        ))}
      </div>
    </div>
  );
}
