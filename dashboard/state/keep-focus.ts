/** What takes the keyboard within a part of the page. */
const FOCUSABLE = 'a[href], button:not(:disabled), select, input, textarea';

/**
 * Keeps the keyboard's place while a stream leaves the page: a part with `data-stream` that has the focus hands it to
 * that of the new name, or to the one that takes its place, else to the page's main part. Call it before the change.
 */
export function keepFocus(stream: string, renamedTo: string | undefined): void {
  const had = document.activeElement;
  if (had === null || had === document.body) return;
  const part = had.closest<HTMLElement>('[data-stream]');
  const isOfStream = part?.dataset.stream === stream;
  const [parent, at] = isOfStream
    ? [part.parentElement, [...part.parentElement!.children].indexOf(part)]
    : [null, 0];
  // The page is rendered before the next screen frame.
  requestAnimationFrame(() =>
    setTimeout(() => {
      if (had.isConnected || (document.activeElement ?? document.body) !== document.body) return;
      const renamed =
        isOfStream && renamedTo !== undefined
          ? document.querySelector(`[data-stream="${CSS.escape(renamedTo)}"]`)
          : null;
      const next = renamed ?? parent?.children[at] ?? parent?.lastElementChild;
      const target =
        next?.querySelector<HTMLElement>(had.tagName) ?? next?.querySelector<HTMLElement>(FOCUSABLE);
      (target ?? document.querySelector<HTMLElement>('#content'))?.focus();
    }),
  );
}
