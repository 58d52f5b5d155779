/**
 * Paints at `nowMs` (`performance.now()` clock). `all`: colors have changed, so that what is up to date is painted too.
 * Return true to be called again for the next screen frame.
 */
export type Painter = (nowMs: number, all: boolean) => boolean;

const painters = new Set<Painter>();
let requested = false;

/**
 * One requestAnimationFrame for the whole page. It stops when nothing moves, and in a hidden tab, where the
 * browser requests no frames.
 */
export function requestPaint(): void {
  if (requested) return;
  requested = true;
  requestAnimationFrame((nowMs) => paint(nowMs));
}

/** Adds a painter; call the returned function to remove it. Painters run in the order they were added. */
export function addPainter(painter: Painter): () => void {
  painters.add(painter);
  requestPaint();
  return () => painters.delete(painter);
}

const sizers = new Set<() => void>();

/** Adds what gives a canvas the size of its box: without a screen frame where the browser lays out paper. */
export function addSizer(sizer: () => void): () => void {
  sizers.add(sizer);
  return () => sizers.delete(sizer);
}

/** The layout of paper begins or ends. A canvas of another size would be scaled, by Chromium in steps of 1.5 %. */
matchMedia('print').addEventListener('change', () => {
  for (const sizer of sizers) sizer();
  paint(performance.now(), true);
});

/** Paints at once, in the colors of paper: the browser prints before the next screen frame. */
addEventListener('beforeprint', () => paint(performance.now(), true));

function paint(nowMs: number, all = false): void {
  requested = false;
  let again = false;
  for (const painter of painters) again = painter(nowMs, all) || again;
  if (again) requestPaint();
}
