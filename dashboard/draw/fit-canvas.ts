/**
 * Keeps the canvas's pixels equal to the screen's pixels at any size and zoom; `onResize` is called after
 * each change. Returns the call that ends it.
 */
export function fitCanvas(canvas: HTMLCanvasElement, onResize: () => void): () => void {
  const observer = new ResizeObserver(() => {
    const ratio = devicePixelRatio;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    onResize();
  });
  observer.observe(canvas);
  return () => observer.disconnect();
}
