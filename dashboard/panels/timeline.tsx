import 'uplot/dist/uPlot.min.css';
import './timeline.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { AXES } from '../../src/frame-fields.ts';
import { palette } from '../draw/canvas.ts';
import { createTimeline } from '../draw/timeline.ts';
import { AROUSAL, createColumns, fillColumns, VALENCE } from '../draw/timeline-columns.ts';
import { signed } from '../state/format.ts';
import { addPainter, requestPaint } from '../state/paint-loop.ts';
import { useScene } from '../state/scene.ts';
import { AxisName } from './readouts.tsx';

/** Valence and arousal over the last minutes, and the forecast after "now". */
export function Timeline() {
  const scene = useScene();
  const { snapshot, history, current, summary, windowSeconds, markers } = scene;
  const { nowLabel, hasIntervals, hasForecast } = scene;
  const holder = useRef<HTMLDivElement>(null);
  const columns = useRef(createColumns()).current;
  const dirty = useRef(true);
  const cursorText = useSignal('');

  useSignalEffect(() => {
    snapshot.value;
    current.value;
    windowSeconds.value;
    history.value;
    markers.value;
    palette.value;
    dirty.current = true;
    requestPaint();
  });

  useEffect(() => {
    const target = holder.current!;
    const plot = createTimeline(target, {
      width: target.clientWidth,
      height: target.clientHeight,
      columns,
      colors: () => palette.peek(),
      ring: () => history.peek()?.ring ?? null,
      seconds: () => windowSeconds.peek(),
      nowLabel,
      hasForecast,
      markers: () => markers.peek(),
      onCursor: (row) => {
        cursorText.value =
          row === null || row >= columns[0].length
            ? ''
            : `${signed(columns[VALENCE]?.[row])} valence, ${signed(columns[AROUSAL]?.[row])} arousal`;
      },
    });
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: target.clientWidth, height: target.clientHeight }),
    );
    observer.observe(target);
    const removePainter = addPainter(() => {
      if (!dirty.current) return false;
      dirty.current = false;
      const steps = history.peek();
      if (steps === null) for (const column of columns) column.length = 0;
      else fillColumns(columns, steps.ring, current.peek() ? steps.last : null, windowSeconds.peek());
      plot.setData(columns as uPlot.AlignedData);
      return false;
    });
    return () => {
      observer.disconnect();
      removePainter();
      plot.destroy();
    };
  }, []);

  return (
    <section class="timeline" aria-labelledby="timeline-head">
      <h2 id="timeline-head" class="visually-hidden">
        Valence and arousal over time
      </h2>
      <div class="timeline-head">
        <p class="timeline-legend">
          {AXES.map((axis) => (
            <span key={axis} data-axis={axis}>
              <AxisName axis={axis} />
            </span>
          ))}
          <span class="timeline-bands">
            {hasIntervals && 'Bands: nine times in ten. '}
            {hasForecast && `After “${nowLabel}”: forecast.`}
          </span>
        </p>
        <p class="timeline-cursor">{cursorText}</p>
        <WindowChoice />
      </div>
      <div ref={holder} class="timeline-plot" role="img" aria-label={summary.value} />
    </section>
  );
}

/** How much of the past the chart shows. */
function WindowChoice() {
  const { windowSeconds, windows } = useScene();
  return (
    <fieldset class="window-choice">
      <legend class="visually-hidden">Time shown</legend>
      {windows.map((seconds) => (
        <label key={seconds}>
          <input
            type="radio"
            name="window"
            class="visually-hidden"
            checked={seconds === windowSeconds.value}
            onChange={() => {
              windowSeconds.value = seconds;
            }}
          />
          <span>{seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`}</span>
        </label>
      ))}
    </fieldset>
  );
}
