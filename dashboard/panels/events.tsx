import './events.css';
import type { StreamEvent } from '../../src/types.ts';
import { clock } from '../state/format.ts';
import { useScene } from '../state/scene.ts';
import { serverNotice } from '../state/streams.ts';

const MAX_SHOWN = 3;

const LABELS: Readonly<Record<StreamEvent['type'], string>> = {
  'stream-started': 'Started',
  'stream-stopped': 'Stopped',
  'source-lost': 'Source lost',
  'source-restored': 'Source restored',
  'phase-cancellation': 'Channels cancel',
  'phase-restored': 'Channels in phase',
  gap: 'Gap',
  track: 'Title',
  'track-ended': 'Title ended',
  segment: 'New piece',
  'alert-raised': 'Alert',
  'alert-cleared': 'Alert cleared',
  'clock-changed': 'Clock set',
};

/** The stream's newest events, one per line, and a notice while the server itself has a problem. */
export function Events() {
  const { events } = useScene().snapshot.value;
  return (
    <section class="events" aria-labelledby="events-head">
      <h2 id="events-head" class="visually-hidden">
        Events
      </h2>
      {serverNotice.value !== null && <p class="events-notice">{serverNotice.value.message}</p>}
      <ul>
        {events.slice(0, MAX_SHOWN).map((event) => (
          <li key={`${event.time} ${event.type}`} data-type={event.type} title={event.message}>
            <time dateTime={event.time}>{clock(event.time)}</time>
            <b>{LABELS[event.type]}</b>
            <span>{event.message}</span>
          </li>
        ))}
        {events.length === 0 && <li class="events-empty">No events since you opened this page.</li>}
      </ul>
    </section>
  );
}
