import './alerts.css';
import { clock } from '../state/format.ts';
import { alerts } from '../state/streams.ts';
import { showStream } from '../state/view.ts';

const MAX_SHOWN = 4;

/** The raised alerts of all streams; each opens its stream. Hidden while there are none. */
export function Alerts() {
  const all = alerts.value;
  return (
    <section class="alerts" aria-label="Alerts" aria-live="polite" hidden={all.length === 0}>
      <ul>
        {all.slice(0, MAX_SHOWN).map(({ stream, alert, time, message }) => (
          <li key={`${stream} ${alert}`} title={message}>
            <button type="button" onClick={() => showStream(stream)}>
              <b>{stream}</b> {message} <time dateTime={time}>since {clock(time)}</time>
            </button>
          </li>
        ))}
        {all.length > MAX_SHOWN && <li class="alerts-more">and {all.length - MAX_SHOWN} more</li>}
      </ul>
    </section>
  );
}
