/** Draws a frame at `nowMs` (`performance.now()` clock); true asks for another frame after this one. */
export type Painter = (nowMs: number) => boolean;

const painters = new Set<Painter>();
let requested = false;

/**
 * One requestAnimationFrame for the whole page. It rests when nothing moves, and in a hidden tab, where the
 * browser gives no frames.
 */
export function requestPaint(): void {
  if (requested) return;
  requested = true;
  requestAnimationFrame(paint);
}

/** Adds a painter, returns the call that takes it away. Painters run in the order in which they came. */
export function addPainter(painter: Painter): () => void {
  painters.add(painter);
  requestPaint();
  return () => painters.delete(painter);
}

function paint(nowMs: number): void {
  requested = false;
  let again = false;
  for (const painter of painters) again = painter(nowMs) || again;
  if (again) requestPaint();
}
