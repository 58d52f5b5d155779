import './alerts.css';
import { alerts } from '../state/alerts.ts';
import { watch } from '../state/view.ts';
import { clock } from './format.ts';

const SHOWN = 4;

/** Alerts that are raised now, of all streams, each a way to its stream; not there while there are none. */
export function AlertStrip() {
  const all = alerts.value;
  return (
    <section class="alerts" aria-label="Alerts" aria-live="polite" hidden={all.length === 0}>
      <ul>
        {all.slice(0, SHOWN).map(({ stream, alert, time, message }) => (
          <li key={`${stream} ${alert}`} title={message}>
            <button type="button" onClick={() => watch(stream)}>
              <b>{stream}</b> {message} <time dateTime={time}>since {clock(time)}</time>
            </button>
          </li>
        ))}
        {all.length > SHOWN && <li class="alerts-more">and {all.length - SHOWN} more</li>}
      </ul>
    </section>
  );
}
