import './overview-strip.css';
import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { palette } from '../draw/canvas.ts';
import { drawOverviewStrip } from '../draw/overview-strip.ts';
import { clock } from '../state/format.ts';
import { levelFor } from '../state/history-level.ts';
import { t } from '../state/i18n.ts';
import { nowOf, type ScenePast, useScene } from '../state/scene.ts';
import { center, overviewOf, rangeOf } from '../state/time-range.ts';
import { partsOf } from './timeline-model.ts';
import { useCanvas } from './use-canvas.ts';

/** A longer time than the chart's, with the chart's marked in it: drag to move through the history. */
export function OverviewStrip({ past }: { readonly past: ScenePast }) {
  const scene = useScene();
  const { windowSeconds, history } = scene;
  const view = () => ({ span: windowSeconds.peek(), until: past.until.peek() });
  const { canvas, redraw } = useCanvas((context, due) => {
    if (!due) return false;
    const now = nowOf(scene);
    const whole = overviewOf(view(), now);
    const stream = past.stream.peek();
    if (stream !== null) past.history.want(canvas, stream, levelFor(whole.to - whole.from), whole);
    drawOverviewStrip(context, {
      range: whole,
      shown: rangeOf(view(), now),
      parts: partsOf(scene, whole),
      colors: palette.peek(),
      font: getComputedStyle(context.canvas).font,
    });
    return false;
  });
  useSignalEffect(() => {
    history.value;
    scene.snapshot.value;
    windowSeconds.value;
    past.until.value;
    past.history.changes.value;
    palette.value;
    redraw();
  });
  useEffect(() => () => past.history.release(canvas), []);

  const now = nowOf(scene);
  const shown = { span: windowSeconds.value, until: past.until.value };
  const whole = overviewOf(shown, now);
  const { from, to } = rangeOf(shown, now);
  return (
    <div class="overview-strip">
      <canvas ref={canvas} class="overview-canvas" />
      <input
        type="range"
        class="overview-range"
        aria-label={t('chart.overview')}
        aria-valuetext={
          past.until.value === null
            ? t('connection.live')
            : t('chart.upTo', { time: clock(new Date(to * 1000).toISOString()) })
        }
        min={0}
        max={1}
        step="any"
        value={((from + to) / 2 - whole.from) / (whole.to - whole.from)}
        onInput={(event) => {
          const at = nowOf(scene);
          const range = overviewOf(view(), at);
          const middle = range.from + Number(event.currentTarget.value) * (range.to - range.from);
          past.until.value = center(windowSeconds.peek(), middle, at).until;
        }}
      />
    </div>
  );
}
