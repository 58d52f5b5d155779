import './sessions-page.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Session } from '../../src/client/index.ts';
import { client, errorMessage } from '../state/client.ts';
import { elapsed, markerCount } from '../state/format.ts';
import { locale, t } from '../state/i18n.ts';
import { sessionChange } from '../state/streams.ts';
import { compareHref, sessionHref } from '../state/view.ts';

const PAGE_SIZE = 50;

/** All sessions, newest first. */
export function SessionsPage() {
  const sessions = useSignal<readonly Session[]>([]);
  const next = useSignal<string | null>(null);
  const status = useSignal(t('page.loading'));
  /** Of sessions to compare, the one chosen first first: at most two. */
  const picked = useSignal<readonly string[]>([]);
  const pick = (id: string, isPicked: boolean) => {
    const others = picked.peek().filter((one) => one !== id);
    picked.value = isPicked ? [...others, id].slice(-2) : others;
  };
  const load = async (cursor: string | null) => {
    try {
      const page = await client.sessions.list({ limit: PAGE_SIZE, ...(cursor !== null && { cursor }) });
      sessions.value = cursor === null ? page.sessions : [...sessions.peek(), ...page.sessions];
      next.value = page.next;
      status.value = sessions.peek().length === 0 ? t('sessions.none') : '';
    } catch (error) {
      status.value = errorMessage(error);
    }
  };
  const change = sessionChange.value;
  useEffect(() => void load(null), [change]);
  return (
    <main id="content" class="sessions-page" tabIndex={-1}>
      <h2>{t('nav.sessions')}</h2>
      <p class="sessions-status" role="status">
        {status.value}
      </p>
      {sessions.value.length > 1 && <CompareBar picked={picked.value} sessions={sessions.value} />}
      {sessions.value.length > 0 && (
        <ul class="sessions-list">
          {sessions.value.map((session) => (
            <li key={session.id}>
              <label class="sessions-pick">
                <input
                  type="checkbox"
                  aria-label={t('compare.choose', { name: session.title ?? session.id })}
                  checked={picked.value.includes(session.id)}
                  onChange={(event) => pick(session.id, event.currentTarget.checked)}
                />
              </label>
              <Row session={session} />
            </li>
          ))}
        </ul>
      )}
      {next.value !== null && (
        <button type="button" class="button sessions-more" onClick={() => load(next.peek())}>
          {t('sessions.more')}
        </button>
      )}
    </main>
  );
}

interface CompareBarProps {
  readonly picked: readonly string[];
  readonly sessions: readonly Session[];
}

/** The link to the comparison of the chosen sessions, the earlier one first. */
function CompareBar({ picked, sessions }: CompareBarProps) {
  const ids = picked.toSorted((a, b) => startOf(sessions, a) - startOf(sessions, b));
  return (
    <div class="sessions-compare">
      {ids.length === 2 ? (
        <a class="button button-primary" href={compareHref([ids[0]!, ids[1]!])}>
          {t('compare.compare')}
        </a>
      ) : (
        <button type="button" class="button" disabled>
          {t('compare.compare')}
        </button>
      )}
      <p role="status">{t('compare.hint', { count: ids.length })}</p>
    </div>
  );
}

const startOf = (sessions: readonly Session[], id: string): number =>
  Date.parse(sessions.find((one) => one.id === id)?.startedAt ?? '');

function Row({ session }: { session: Session }) {
  const { id, title, stream, startedAt, seconds, markers, tags, state, signed } = session;
  const open = state === 'open';
  return (
    <a class="sessions-row" href={sessionHref(id)}>
      <span class="sessions-name">
        <b>{title ?? id}</b>
        {title !== null && <span>{id}</span>}
        {signed !== null && <span>{t('sign.locked')}</span>}
      </span>
      <span class="sessions-tags">
        {tags.map((tag) => (
          <span key={tag}>{tag}</span>
        ))}
      </span>
      <span class="sessions-stream">{stream}</span>
      <time dateTime={startedAt}>
        {new Date(startedAt).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' })}
      </time>
      <span class="sessions-length" data-open={open}>
        {open && <span class="session-dot" aria-hidden="true" />}
        {open ? t('state.running') : elapsed(seconds)}
      </span>
      <span class="sessions-markers">{markerCount(markers)}</span>
    </a>
  );
}
