import './sessions-page.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Session } from '../../src/client/index.ts';
import { client } from '../live/client.ts';
import { sentenceOf } from '../live/sentence-of.ts';
import { sessionNews } from '../state/store.ts';
import { sessionHref } from '../state/view.ts';
import { elapsed } from './elapsed.ts';

const PAGE = 50;

/** All sessions, newest first. */
export function SessionsPage() {
  const sessions = useSignal<readonly Session[]>([]);
  const next = useSignal<string | null>(null);
  const said = useSignal('Reading the sessions…');
  const load = async (cursor: string | null) => {
    try {
      const page = await client.sessions.list({ limit: PAGE, ...(cursor !== null && { cursor }) });
      sessions.value = cursor === null ? page.sessions : [...sessions.peek(), ...page.sessions];
      next.value = page.next;
      said.value =
        sessions.peek().length === 0
          ? 'None yet: start one on the live page, by its button or the key S.'
          : '';
    } catch (error) {
      said.value = sentenceOf(error);
    }
  };
  const news = sessionNews.value;
  useEffect(() => void load(null), [news]);
  return (
    <main class="sessions-page">
      <h2>Sessions</h2>
      <p class="sessions-said" role="status">
        {said.value}
      </p>
      {sessions.value.length > 0 && (
        <ul class="sessions-list">
          {sessions.value.map((session) => (
            <li key={session.id}>
              <Row session={session} />
            </li>
          ))}
        </ul>
      )}
      {next.value !== null && (
        <button type="button" class="button sessions-more" onClick={() => load(next.peek())}>
          Show more
        </button>
      )}
    </main>
  );
}

function Row({ session }: { session: Session }) {
  const { id, title, stream, startedAt, seconds, markers, tags, state } = session;
  const open = state === 'open';
  return (
    <a class="sessions-row" href={sessionHref(id)}>
      <span class="sessions-name">
        <b>{title ?? id}</b>
        {title !== null && <span>{id}</span>}
      </span>
      <span class="sessions-tags">
        {tags.map((tag) => (
          <span key={tag}>{tag}</span>
        ))}
      </span>
      <span class="sessions-stream">{stream}</span>
      <time dateTime={startedAt}>
        {new Date(startedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
      </time>
      <span class="sessions-length" data-open={open}>
        {open && <span class="session-dot" aria-hidden="true" />}
        {open ? 'going on' : elapsed(seconds)}
      </span>
      <span class="sessions-markers">{markers === 1 ? '1 marker' : `${markers} markers`}</span>
    </a>
  );
}
