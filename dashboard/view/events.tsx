import './events.css';
import type { StreamEvent } from '../../src/types.ts';
import { notice, present } from '../state/store.ts';
import { clock } from './format.ts';

const SHOWN = 3;

const WORD: Readonly<Record<StreamEvent['type'], string>> = {
  'stream-started': 'Started',
  'stream-stopped': 'Stopped',
  'source-lost': 'Source lost',
  'source-restored': 'Source back',
  gap: 'Gap',
  'alert-raised': 'Alert',
  'alert-cleared': 'Alert over',
};

/** What happened to the stream, newest first, each in a line. */
export function Events() {
  const { events } = present.value;
  return (
    <section class="events" aria-label="Events">
      {notice.value !== null && <p class="events-notice">{notice.value.message}</p>}
      <ul>
        {events.slice(0, SHOWN).map((event) => (
          <li key={`${event.time} ${event.type}`} data-type={event.type} title={event.message}>
            <time dateTime={event.time}>{clock(event.time)}</time>
            <b>{WORD[event.type]}</b>
            <span>{event.message}</span>
          </li>
        ))}
        {events.length === 0 && <li class="events-none">No events since this page was opened.</li>}
      </ul>
    </section>
  );
}
