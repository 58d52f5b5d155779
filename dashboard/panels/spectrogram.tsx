import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { palette } from '../draw/canvas.ts';
import { colorRamp } from '../draw/color-ramp.ts';
import { createSpectrogramPainter } from '../draw/spectrogram.ts';
import { FORECAST_SECONDS } from '../draw/timeline.ts';
import { client, errorMessage } from '../state/client.ts';
import { clock } from '../state/format.ts';
import { locale, t } from '../state/i18n.ts';
import { type MelLevels, melLevels } from '../state/mel-levels.ts';
import { MelStore } from '../state/mel-store.ts';
import { nowOf, useScene } from '../state/scene.ts';
import { chosen } from '../state/streams.ts';
import { activeTheme } from '../state/theme.ts';
import { shownRange } from './timeline-model.ts';
import { useCanvas } from './use-canvas.ts';

/** Room for the labels of the chart above, so that both have the same times one above the other. */
const LEFT_REM = 2.75;
/** The text describes this time (s), and its table goes back row by row. */
const TEXT_SECONDS = 5;
const ROWS = 12;

/** The mel frames that the model sees of the chosen stream, from when it was opened on. */
export function Spectrogram() {
  const scene = useScene();
  const store = useRef(new MelStore());
  const painter = useRef<ReturnType<typeof createSpectrogramPainter>>(null as never);
  painter.current ??= createSpectrogramPainter();
  const error = useSignal<string | null>(null);
  const rows = useSignal<readonly { readonly at: number; readonly levels: MelLevels }[]>([]);
  const ramp = useComputed(() => colorRamp(activeTheme.value));

  const { canvas, redraw } = useCanvas((context, due) => {
    if (!due) return false;
    const isLive = scene.past === null || scene.past.until.peek() === null;
    const { from, to } = shownRange(scene);
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { fontFamily } = getComputedStyle(context.canvas);
    painter.current(context, {
      range: { from, to: to + (isLive ? FORECAST_SECONDS : 0) },
      ring: scene.history.peek()?.ring ?? null,
      store: store.current,
      ramp: ramp.peek(),
      colors: palette.peek(),
      font: `${Math.round(rem * 0.8125 * devicePixelRatio)}px ${fontFamily}`,
      left: LEFT_REM * rem * devicePixelRatio,
    });
    return false;
  });
  useSignalEffect(() => {
    scene.snapshot.value;
    scene.history.value;
    scene.windowSeconds.value;
    scene.past?.until.value;
    palette.value;
    ramp.value;
    redraw();
  });

  const stream = chosen.value;
  useEffect(() => {
    store.current = new MelStore();
    rows.value = [];
    error.value = null;
    if (stream === null) return;
    const abort = new AbortController();
    void receive(stream, abort.signal);
    const timer = setInterval(describe, TEXT_SECONDS * 1000);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [stream]);

  async function receive(name: string, signal: AbortSignal): Promise<void> {
    let first = true;
    try {
      for await (const message of client.spectrogram(name, { signal })) {
        if (signal.aborted) return;
        store.current.receive(message);
        redraw();
        if (first && message.type === 'mel') setTimeout(describe, 1_500);
        first = first && message.type !== 'mel';
      }
    } catch (reason) {
      if (!signal.aborted) error.value = errorMessage(reason);
    }
  }

  function describe(): void {
    const ring = scene.history.peek()?.ring;
    if (ring === undefined) return;
    const now = nowOf(scene);
    rows.value = Array.from({ length: ROWS }, (_, k) => now - k * TEXT_SECONDS).flatMap((at) => {
      const levels = melLevels(store.current, ring, at - TEXT_SECONDS, at);
      return levels === null ? [] : [{ at, levels }];
    });
  }

  const newest = rows.value[0]?.levels;
  const text =
    error.value ?? (newest === undefined ? t('spectrogram.waiting') : t('spectrogram.text', texts(newest)));
  return (
    <>
      <canvas ref={canvas} class="spectrogram-canvas" role="img" aria-label={text} />
      <p class="spectrogram-text" role={error.value === null ? undefined : 'alert'}>
        {text}
      </p>
      <details class="spectrogram-table">
        <summary>{t('table.table')}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('table.time')}</th>
              <th scope="col">{t('spectrogram.low')}</th>
              <th scope="col">{t('spectrogram.middle')}</th>
              <th scope="col">{t('spectrogram.high')}</th>
              <th scope="col">{t('spectrogram.strongest')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.value.map(({ at, levels }) => (
              <tr key={at}>
                <th scope="row">{clock(new Date(at * 1000).toISOString())}</th>
                {Object.values(texts(levels)).map((value, i) => (
                  <td key={i}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

function texts({ low, middle, high, strongestHz }: MelLevels) {
  const percent = (value: number) => (value / 100).toLocaleString(locale(), { style: 'percent' });
  return {
    low: percent(low),
    middle: percent(middle),
    high: percent(high),
    strongest: `${Math.round(strongestHz).toLocaleString(locale())} Hz`,
  };
}
