import { computed, effect } from '@preact/signals';
import { client, errorMessage } from './client.ts';
import { Outbox } from './outbox.ts';
import { type Stored, sendWork } from './send-work.ts';
import { possibleGaps } from './streams.ts';
import { keptOf, readUnsaved, type Unsaved, type Work } from './unsaved.ts';

/** Of the tab, not of the browser: notes about people must not stay on a shared computer. */
const KEY = 'undertone.unsaved';
const RETRY_MS = 2_000;
/** A request that takes longer is shown as "not saved yet". */
const LATE_MS = 1_500;

type Listener = (session: string, work: Work, answer: Stored) => void;
type RefusalListener = (session: string, work: Work, reason: string) => void;
const listeners = new Set<Listener>();
const refusalListeners = new Set<RefusalListener>();
let wake = () => {};

/** What is typed or pressed about sessions, until the server has stored it. */
export const outbox = new Outbox(
  {
    send: (session, work, again) => sendWork(client, session, work, again, errorMessage),
    pause: () =>
      new Promise((resolve) => {
        wake = resolve;
        setTimeout(resolve, RETRY_MS);
      }),
    watch: (late) => {
      const timer = setTimeout(late, LATE_MS);
      return () => clearTimeout(timer);
    },
    keep,
    stored: (session, work, answer) => {
      for (const listener of listeners) listener(session, work, answer as Stored);
    },
    refused: (session, work, reason) => {
      for (const listener of refusalListeners) listener(session, work, reason);
    },
  },
  readUnsaved(kept()),
);

/** Calls `listener` with each answer of the server. Returns a function that ends it. */
export function onStored(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls `listener` with each start and stop that was refused, and why. Returns a function that ends it. */
export function onRefused(listener: RefusalListener): () => void {
  refusalListeners.add(listener);
  return () => refusalListeners.delete(listener);
}

/** What waits for the server, or was refused: shown on every page. */
export const unsaved = computed<readonly Unsaved[]>(() =>
  outbox.all.value.filter(({ state, late }) => state === 'refused' || (state === 'queued' && late)),
);

/** Sends when the server is back, and asks before the page is left with something unsaved. */
export function startSaving(): void {
  effect(() => {
    possibleGaps.value;
    wake();
  });
  addEventListener('online', () => wake());
  const commit = () => outbox.commitAll();
  addEventListener('pagehide', commit);
  document.addEventListener('visibilitychange', () => document.hidden && commit());
  addEventListener('beforeunload', (event) => {
    commit();
    if (outbox.all.peek().some(isLost)) event.preventDefault();
  });
}

/** A marker that was refused has nothing that somebody typed. */
const isLost = ({ work, state }: Unsaved): boolean => work.kind !== 'marker' || state !== 'refused';

function kept(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** What was refused is not kept: the server would refuse it again. A start is, as it has what waits for it. */
function keep(all: readonly Unsaved[]): void {
  try {
    const left = all.filter(({ state, work }) => state !== 'refused' || work.kind === 'start');
    if (left.length === 0) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(left.map(keptOf)));
  } catch {
    // Storage is blocked or full: leaving the page asks first.
  }
}
