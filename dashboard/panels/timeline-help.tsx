const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['← →', 'move through time; with Shift a whole view'],
  ['+ −', 'zoom'],
  ['Space', 'pause, and continue'],
  ['Home', 'go far back'],
  ['End', 'return to the newest step'],
  ['Drag, wheel, pinch', 'move and zoom; Shift and wheel move'],
];

/** A button that lists what moves the chart; `id` is that of the list, for the chart's description. */
export function TimelineHelp({ id }: { readonly id: string }) {
  return (
    <>
      <button
        type="button"
        class="button timeline-help-open"
        popovertarget={id}
        aria-label="Keys of the chart"
      >
        ?
      </button>
      <section id={id} class="timeline-help" popover="auto" aria-label="Keys of the chart">
        <p>With the chart in focus:</p>
        <dl>
          {KEYS.map(([keys, does]) => (
            <div key={keys}>
              <dt>{keys}</dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}
