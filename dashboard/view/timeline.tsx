import 'uplot/dist/uPlot.min.css';
import './timeline.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { palette } from '../draw/palette.ts';
import { createTimeline } from '../draw/timeline.ts';
import { AROUSAL, fillColumns, newColumns, VALENCE, X } from '../draw/timeline-columns.ts';
import { addPainter, requestPaint } from '../state/frame-loop.ts';
import { signed } from './format.ts';
import { useScene } from './scene-context.ts';
import { WindowChoice } from './window-choice.tsx';

/** Valence and arousal over the last minutes, and the forecast beyond "now". */
export function Timeline() {
  const { present, track, current, summary, seconds, marks, nowWord } = useScene();
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const columns = useRef(newColumns()).current;
  const dirty = useRef(true);
  const pointed = useSignal<string>('');

  useSignalEffect(() => {
    present.value;
    current.value;
    seconds.value;
    track.value;
    marks.value;
    palette.value;
    dirty.current = true;
    requestPaint();
  });

  useEffect(() => {
    const target = holder.current!;
    const say = (row: number | null) => {
      const x = row === null ? undefined : columns[X][row];
      pointed.value =
        row === null || x === undefined
          ? ''
          : `${signed(columns[VALENCE]?.[row])} valence, ${signed(columns[AROUSAL]?.[row])} arousal`;
    };
    plot.current = createTimeline(target, {
      width: target.clientWidth,
      height: target.clientHeight,
      columns,
      colours: () => palette.peek(),
      ring: () => track.peek()?.ring ?? null,
      seconds: () => seconds.peek(),
      nowWord,
      marks: () => marks.peek(),
      onPoint: say,
    });
    const observer = new ResizeObserver(() =>
      plot.current?.setSize({ width: target.clientWidth, height: target.clientHeight }),
    );
    observer.observe(target);
    const endPaint = addPainter(() => {
      if (!dirty.current) return false;
      dirty.current = false;
      const record = track.peek();
      if (record === null) for (const column of columns) column.length = 0;
      else fillColumns(columns, record.ring, current.peek() ? record.last : null, seconds.peek());
      plot.current?.setData(columns as uPlot.AlignedData);
      return false;
    });
    return () => {
      observer.disconnect();
      endPaint();
      plot.current?.destroy();
    };
  }, []);

  return (
    <section class="timeline" aria-label="Valence and arousal over time">
      <div class="timeline-head">
        <p class="timeline-key">
          <span data-axis="valence">
            <svg class="line-key" viewBox="0 0 26 4" aria-hidden="true">
              <path d="M0 2h26" />
            </svg>
            Valence
          </span>
          <span data-axis="arousal">
            <svg class="line-key" viewBox="0 0 26 4" aria-hidden="true">
              <path d="M0 2h26" />
            </svg>
            Arousal
          </span>
          <span class="timeline-bands">Bands: 90 % interval. After “{nowWord}”: forecast.</span>
        </p>
        <p class="timeline-pointed">{pointed}</p>
        <WindowChoice />
      </div>
      <div ref={holder} class="timeline-plot" role="img" aria-label={summary.value} />
    </section>
  );
}
