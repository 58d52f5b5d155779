import './events.css';
import { eventText, noticeText } from '../state/event-text.ts';
import { clock } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { useScene } from '../state/scene.ts';
import { serverNotice } from '../state/streams.ts';

const MAX_SHOWN = 3;

/** The stream's newest events, one per line, and a notice while the server itself has a problem. */
export function Events() {
  const { events } = useScene().snapshot.value;
  return (
    <section class="events" aria-labelledby="events-head">
      <h2 id="events-head" class="visually-hidden">
        {t('events.title')}
      </h2>
      {serverNotice.value !== null && <p class="events-notice">{noticeText(serverNotice.value)}</p>}
      <ul>
        {events.slice(0, MAX_SHOWN).map((event) => (
          <li key={`${event.time} ${event.type}`} data-type={event.type} title={event.message}>
            <time dateTime={event.time}>{clock(event.time)}</time>
            <b>{t(`event.${event.type}`)}</b>
            <span>{eventText(event)}</span>
          </li>
        ))}
        {events.length === 0 && <li class="events-empty">{t('events.none')}</li>}
      </ul>
    </section>
  );
}
