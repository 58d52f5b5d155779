import { t } from '../state/i18n.ts';
import 'uplot/dist/uPlot.min.css';
import './timeline.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { palette } from '../draw/canvas.ts';
import { DEFAULT_LIMIT } from '../draw/limit.ts';
import { createTimeline, type TimelineModel } from '../draw/timeline.ts';
import { AROUSAL, createColumns, VALENCE, X } from '../draw/timeline-columns.ts';
import { signed } from '../state/format.ts';
import { momentName } from '../state/moment-name.ts';
import { moodWord } from '../state/mood-name.ts';
import { addPainter, addSizer, requestPaint } from '../state/paint-loop.ts';
import { nowOf, useScene } from '../state/scene.ts';
import { OverviewStrip } from './overview-strip.tsx';
import { attachGestures } from './timeline-gestures.ts';
import { TimelineHelp } from './timeline-help.tsx';
import { fillModel } from './timeline-model.ts';
import { TimelineTable } from './timeline-table.tsx';
import { TimelineNote, WindowChoice } from './window-choice.tsx';

/** Valence and arousal on a lane each, the moods below them, and the forecast after "now". */
export function Timeline() {
  const scene = useScene();
  const { snapshot, history, current, summary, windowSeconds, markers, titles, past } = scene;
  const { target, nowLabel } = scene;
  const holder = useRef<HTMLDivElement>(null);
  const model = useRef<TimelineModel>(null as unknown as TimelineModel);
  model.current ??= emptyModel();
  const dirty = useRef(true);
  const cursorText = useSignal('');
  const helpId = useId();

  useSignalEffect(() => {
    snapshot.value;
    current.value;
    windowSeconds.value;
    history.value;
    markers.value;
    titles.value;
    target.value;
    past?.until.value;
    past?.history.changes.value;
    palette.value;
    dirty.current = true;
    requestPaint();
  });

  useEffect(() => {
    const target = holder.current!;
    const { columns } = model.current;
    // The chart draws itself when it is made: never a time axis of 1970.
    fillModel(model.current, scene);
    const plot = createTimeline(target, {
      width: target.clientWidth,
      height: target.clientHeight,
      model: model.current,
      colors: () => palette.peek(),
      names: { valence: t('axis.valence'), arousal: t('axis.arousal') },
      nowLabel: t(`scene.${nowLabel}`),
      onCursor: (row) => {
        cursorText.value = row === null || row >= columns[X].length ? '' : cursorLine(model.current, row);
      },
    });
    // Opened at a moment: the chart may be below the fold.
    if (past !== null && past.until.peek() !== null) target.scrollIntoView({ block: 'center' });
    const resize = () => {
      plot.setSize({ width: target.clientWidth, height: target.clientHeight });
      dirty.current = true;
      requestPaint();
    };
    const observer = new ResizeObserver(resize);
    observer.observe(target);
    const removeSizer = addSizer(resize);
    const { whole } = scene;
    if (whole !== null)
      plot.over.addEventListener('click', ({ offsetX }) => whole.seek(plot.posToVal(offsetX, 'x')));
    const stopGestures =
      past === null
        ? () => {}
        : attachGestures(target, { plot, past, windowSeconds, now: () => nowOf(scene) });
    const removePainter = addPainter((_, all) => {
      if (!dirty.current && !all) return false;
      dirty.current = false;
      fillModel(model.current, scene);
      plot.setData(columns as uPlot.AlignedData);
      return false;
    });
    return () => {
      past?.history.release(model.current);
      stopGestures();
      observer.disconnect();
      removeSizer();
      removePainter();
      plot.destroy();
    };
  }, []);

  return (
    <section class="timeline" aria-labelledby="timeline-head">
      <h2 id="timeline-head" class="visually-hidden">
        {t('chart.title')}
      </h2>
      <div class="timeline-head">
        <TimelineNote />
        <p class="timeline-cursor">{cursorText}</p>
        <WindowChoice />
        {past !== null && <TimelineHelp id={helpId} />}
        <TimelineTable />
      </div>
      {past === null ? (
        <div ref={holder} class="timeline-plot" role="img" aria-label={summary.value} />
      ) : (
        <>
          <div
            ref={holder}
            class="timeline-plot timeline-movable"
            role="application"
            aria-roledescription={t('chart.chart')}
            aria-label={summary.value}
            aria-describedby={helpId}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes keys
            tabIndex={0}
          />
          <OverviewStrip past={past} />
        </>
      )}
    </section>
  );
}

/** The values under the pointer in one line. */
function cursorLine({ columns, ribbon, titles, zero }: TimelineModel, row: number): string {
  const x = columns[X][row]!;
  const label = ribbon.find(({ from, to }) => from < x && x <= to)?.label;
  const values = t('chart.values', {
    valence: signed(columns[VALENCE]?.[row]),
    arousal: signed(columns[AROUSAL]?.[row]),
  });
  // The chart has no room for a long one.
  const title = titles.findLast((mark) => mark.x <= x)?.title;
  return [momentName(x, zero), values, label && moodWord(label), title]
    .filter((part) => part != null)
    .join(' · ');
}

const emptyModel = (): TimelineModel => ({
  columns: createColumns(),
  range: { from: 0, to: 1 },
  ahead: 0,
  nowX: 0,
  limit: DEFAULT_LIMIT,
  ribbon: [],
  markers: [],
  titles: [],
  target: null,
  zero: null,
});
