import './alerts.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { clock } from '../state/format.ts';
import { alerts } from '../state/streams.ts';
import { showStream } from '../state/view.ts';

/** The raised alerts of all streams as one line of the header, which opens the list of them. Takes no extra room. */
export function Alerts() {
  const all = alerts.value;
  const [newest] = all;
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const closeOutside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) open.value = false;
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') open.value = false;
    };
    document.addEventListener('keydown', closeByKey);
    return () => {
      document.removeEventListener('keydown', closeByKey);
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, []);
  return (
    <div class="alerts" ref={root}>
      <p class="visually-hidden" aria-live="polite">
        {newest !== undefined && `Alert: ${newest.stream}, ${newest.message}`}
      </p>
      {newest !== undefined && (
        <button
          type="button"
          class="alerts-button"
          aria-expanded={open.value}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          <b>{all.length === 1 ? 'Alert' : `${all.length} alerts`}</b>
          <span class="alerts-newest">
            {newest.stream}: {newest.message}
          </span>
        </button>
      )}
      {open.value && (
        <ul class="alerts-list" aria-label="Alerts">
          {all.map(({ stream, alert, time, message }) => (
            <li key={`${stream} ${alert}`}>
              <button
                type="button"
                onClick={() => {
                  open.value = false;
                  showStream(stream);
                }}
              >
                <b>{stream}</b> {message} <time dateTime={time}>since {clock(time)}</time>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
