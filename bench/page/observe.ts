/** What `OBSERVE` collects in `window.seen`, from the start of the page. */
export interface Seen {
  /** Sum of the layout shifts that no input caused. */
  readonly shift: number;
  /** What moved. */
  readonly moved: readonly string[];
  /** Durations of the tasks over 50 ms, in ms. */
  readonly tasks: readonly number[];
  /** Times of the screen frames, in ms. */
  readonly frames: readonly number[];
}

export const OBSERVE = `
  window.seen = { shift: 0, moved: [], tasks: [], frames: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.seen.shift += entry.value;
      for (const { node } of entry.sources) {
        const { nodeName, className } = node instanceof Element ? node : (node?.parentElement ?? {});
        window.seen.moved.push(typeof className === 'string' && className !== '' ? '.' + className : nodeName);
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.seen.tasks.push(Math.round(entry.duration));
  }).observe({ type: 'longtask', buffered: true });
  requestAnimationFrame(function next(at) {
    window.seen.frames.push(at);
    // Of the last two minutes: the heap is watched for an hour.
    if (window.seen.frames.length > 14400) window.seen.frames.splice(0, 7200);
    requestAnimationFrame(next);
  });
`;
