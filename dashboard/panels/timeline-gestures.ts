import type { Signal } from '@preact/signals';
import type uPlot from 'uplot';
import type { ScenePast } from '../state/scene.ts';
import { overviewOf, pan, type TimeView, zoom } from '../state/time-range.ts';

export interface GestureOptions {
  readonly plot: uPlot;
  readonly past: ScenePast;
  readonly windowSeconds: Signal<number>;
  /** The newest step in seconds since 1970. */
  readonly now: () => number;
}

/** A pointer that moves less is a click. */
const CLICK_PX = 4;
const ZOOM_STEP = 1.5;
/** Zoom per pixel of the wheel: three notches of a mouse double the span. */
const WHEEL_ZOOM = Math.LN2 / 300;
const WHEEL_LINE_PX = 24;

/** Drag, wheel, pinch and keys move and zoom the chart. Returns a function that removes them. */
export function attachGestures(target: HTMLElement, options: GestureOptions): () => void {
  const { plot, past, windowSeconds, now } = options;
  const view = (): TimeView => ({ span: windowSeconds.peek(), until: past.until.peek() });
  const show = (next: TimeView) => {
    windowSeconds.value = next.span;
    past.until.value = next.until;
  };
  const secondsPerPixel = () =>
    (plot.scales.x!.max! - plot.scales.x!.min!) / Math.max(1, plot.over.clientWidth);
  const timeAt = (clientX: number) => plot.posToVal(clientX - plot.over.getBoundingClientRect().left, 'x');
  const zoomAt = (factor: number, anchor: number) => show(zoom(view(), factor, anchor, now()));

  const pointers = new Map<number, number>();
  let start: { readonly x: number; readonly view: TimeView; readonly perPixel: number } | null = null;

  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, event.clientX);
    start = { x: event.clientX, view: view(), perPixel: secondsPerPixel() };
  };
  const onMove = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined || start === null) return;
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other !== undefined) {
      const distance = Math.max(16, Math.abs(event.clientX - other));
      zoomAt(Math.max(16, Math.abs(before - other)) / distance, timeAt((event.clientX + other) / 2));
    } else {
      const moved = event.clientX - start.x;
      if (!target.hasPointerCapture(event.pointerId)) {
        if (Math.abs(moved) < CLICK_PX) return;
        target.setPointerCapture(event.pointerId);
        target.dataset.dragging = 'true';
      }
      show(pan(start.view, -moved * start.perPixel, now()));
    }
    pointers.set(event.pointerId, event.clientX);
  };
  const onUp = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    delete target.dataset.dragging;
    const [left] = pointers.values();
    start = left === undefined ? null : { x: left, view: view(), perPixel: secondsPerPixel() };
  };
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1;
    const [x, y] = [event.deltaX * pixels, event.deltaY * pixels];
    const sideways = event.shiftKey ? x || y : Math.abs(x) > Math.abs(y) ? x : 0;
    if (sideways !== 0) show(pan(view(), sideways * secondsPerPixel(), now()));
    else zoomAt(Math.exp(y * (event.ctrlKey ? 4 : 1) * WHEEL_ZOOM), timeAt(event.clientX));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const shown = view();
    const to = shown.until ?? now();
    const step = shown.span / (event.shiftKey ? 1 : 8);
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => show(pan(shown, -step, now())),
      ArrowRight: () => show(pan(shown, step, now())),
      '+': () => zoomAt(1 / ZOOM_STEP, to - shown.span / 2),
      '=': () => zoomAt(1 / ZOOM_STEP, to - shown.span / 2),
      '-': () => zoomAt(ZOOM_STEP, to - shown.span / 2),
      // Pause and play.
      ' ': () => show({ span: shown.span, until: shown.until === null ? now() : null }),
      Home: () => show({ span: shown.span, until: overviewOf(shown, now()).from + shown.span }),
      End: () => show({ span: shown.span, until: null }),
    };
    const act = actions[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  const abort = new AbortController();
  const { signal } = abort;
  target.addEventListener('pointerdown', onDown, { signal });
  target.addEventListener('pointermove', onMove, { signal });
  target.addEventListener('pointerup', onUp, { signal });
  target.addEventListener('pointercancel', onUp, { signal });
  target.addEventListener('wheel', onWheel, { signal, passive: false });
  target.addEventListener('keydown', onKey, { signal });
  return () => abort.abort();
}
