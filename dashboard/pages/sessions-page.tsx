import './sessions-page.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../../src/client/index.ts';
import { SessionFilter } from '../panels/session-filter.tsx';
import { TagLinks } from '../panels/tag-links.tsx';
import { client, errorMessage } from '../state/client.ts';
import { dateTimeWithYear } from '../state/dates.ts';
import { elapsed, markerCount } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { NO_FILTER, queryOf, type SessionFilterValue, sessionsHref } from '../state/session-search.ts';
import { sessionChange } from '../state/streams.ts';
import { compareHref, sessionHref } from '../state/view.ts';

const PAGE_SIZE = 50;

/** The sessions that the address asks for, newest first. */
export function SessionsPage({ filter }: { readonly filter: SessionFilterValue }) {
  const sessions = useSignal<readonly Session[]>([]);
  const next = useSignal<string | null>(null);
  const status = useSignal(t('page.loading'));
  /** Others than those shown: they wait until the list is asked for them, as rows under a pointer must not move. */
  const waiting = useSignal<SessionPageOfList | null>(null);
  /** Sessions to compare, the one chosen first first: at most two. */
  const picked = useSignal<readonly Session[]>([]);
  const pick = (session: Session, isPicked: boolean) => {
    const others = picked.peek().filter(({ id }) => id !== session.id);
    picked.value = isPicked ? [...others, session].slice(-2) : others;
  };
  const request = useRef<AbortController | null>(null);
  const show = (page: SessionPageOfList, cursor: string | null) => {
    waiting.value = null;
    sessions.value = cursor === null ? page.sessions : [...sessions.peek(), ...page.sessions];
    next.value = page.next;
  };
  const load = async (cursor: string | null, isChange = false) => {
    request.current?.abort();
    const mine = new AbortController();
    request.current = mine;
    try {
      const page = await client.sessions.list(
        { ...queryOf(filter), limit: PAGE_SIZE, ...(cursor !== null && { cursor }) },
        mine.signal,
      );
      if (mine.signal.aborted) return;
      const same = page.sessions.every(({ id }, i) => id === sessions.peek()[i]?.id);
      if (isChange && sessions.peek().length > 0 && !same) waiting.value = page;
      else show(page, cursor);
      const none =
        sessionsHref(filter) === sessionsHref(NO_FILTER) ? t('sessions.none') : t('sessions.noMatch');
      status.value = sessions.peek().length === 0 ? none : '';
    } catch (error) {
      if (!mine.signal.aborted) status.value = errorMessage(error);
    }
  };
  const change = sessionChange.value;
  const seen = useRef(change);
  useEffect(() => {
    const isChange = change !== seen.current;
    seen.current = change;
    void load(null, isChange);
  }, [change, sessionsHref(filter)]);
  return (
    <main id="content" class="sessions-page" tabIndex={-1}>
      <h2>{t('nav.sessions')}</h2>
      <SessionFilter filter={filter} />
      <CompareBar picked={picked.value} />
      <p class="sessions-status" role="status">
        {status.value}
      </p>
      <div class="sessions-listed">
        {waiting.value !== null && <ListChanged onShow={() => show(waiting.peek()!, null)} />}
        {sessions.value.length > 0 && (
          <ul class="sessions-list">
            {sessions.value.map((session) => (
              <li key={session.id}>
                <label class="sessions-pick">
                  <input
                    type="checkbox"
                    aria-label={t('compare.choose', { name: session.title ?? session.id })}
                    checked={picked.value.some(({ id }) => id === session.id)}
                    onChange={(event) => pick(session, event.currentTarget.checked)}
                  />
                </label>
                <Row session={session} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {next.value !== null && (
        <button type="button" class="button sessions-more" onClick={() => load(next.peek())}>
          {t('sessions.more')}
        </button>
      )}
    </main>
  );
}

interface SessionPageOfList {
  readonly sessions: readonly Session[];
  readonly next: string | null;
}

/** Over the list, which stays where it is. */
function ListChanged({ onShow }: { readonly onShow: () => void }) {
  return (
    <div class="sessions-changed" role="status">
      <p>
        {t('sessions.changed')}{' '}
        <button type="button" class="button" onClick={onShow}>
          {t('sessions.update')}
        </button>
      </p>
    </div>
  );
}

/** The link to the comparison of the chosen sessions, the earlier one first. */
function CompareBar({ picked }: { readonly picked: readonly Session[] }) {
  const ids = picked.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).map(({ id }) => id);
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

function Row({ session }: { session: Session }) {
  const { id, title, stream, startedAt, seconds, markers, tags, state, signed } = session;
  const open = state === 'open';
  return (
    <div class="sessions-row">
      {/* The link covers the row, but not the tags, which are links of their own. */}
      <a class="sessions-name" href={sessionHref(id)}>
        <b>{title ?? id}</b>
        {title !== null && <span>{id}</span>}
        {signed !== null && <span>{t('sign.locked')}</span>}
      </a>
      <TagLinks tags={tags} />
      <span class="sessions-stream">{stream}</span>
      <time dateTime={startedAt}>{dateTimeWithYear(startedAt)}</time>
      <span class="sessions-length" data-open={open}>
        {open && <span class="session-dot" aria-hidden="true" />}
        {open ? t('state.running') : elapsed(seconds)}
      </span>
      <span class="sessions-markers">{markerCount(markers)}</span>
    </div>
  );
}
