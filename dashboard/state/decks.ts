import { computed, signal } from '@preact/signals';
import { store, storedJson } from './storage.ts';
import { records, streamNames } from './streams.ts';
import { boothHref, view } from './view.ts';

export const MIN_DECKS = 2;
export const MAX_DECKS = 4;
const KEY = 'undertone.decks';

/** Index of the deck that plays: cuts are from it to the others. */
export const activeDeck = signal(0);

/** Streams of the decks: those of the address, those used last, or the first that run. */
export const decks = computed((): readonly string[] => {
  const shown = view.value;
  const given = shown.page === 'booth' ? shown.decks : [];
  const wanted = (given.length > 0 ? given : storedDecks()).slice(0, MAX_DECKS);
  const names = streamNames.value;
  const running = names.filter((name) => records.get(name)?.state === 'running');
  const rest = [...running, ...names].filter((name) => !wanted.includes(name));
  return [...wanted, ...new Set(rest)].slice(0, Math.max(MIN_DECKS, wanted.length));
});

/** The same, with null where too few streams are known: the page keeps the room of two decks. */
export const deckSlots = computed((): readonly (string | null)[] => {
  const names = decks.value;
  return [...names, ...Array<null>(Math.max(0, MIN_DECKS - names.length)).fill(null)];
});

/** Puts a stream on a deck; a stream that is on another one changes places with it. */
export function setDeck(index: number, stream: string): void {
  const now = [...decks.peek()];
  const other = now.indexOf(stream);
  if (other >= 0) now[other] = now[index]!;
  now[index] = stream;
  show(now);
}

export function addDeck(): void {
  const now = decks.peek();
  const next = streamNames.peek().find((name) => !now.includes(name));
  if (next !== undefined && now.length < MAX_DECKS) show([...now, next]);
}

export function removeDeck(index: number): void {
  const now = decks.peek();
  if (now.length <= MIN_DECKS) return;
  activeDeck.value = Math.min(activeDeck.peek(), now.length - 2);
  show(now.filter((_, i) => i !== index));
}

/** Keeps the choice in the address, as a bookmark, and for the next time. */
function show(names: readonly string[]): void {
  store(KEY, JSON.stringify(names));
  history.replaceState(history.state, '', boothHref(names));
  view.value = { page: 'booth', decks: names };
}

function storedDecks(): readonly string[] {
  const names = storedJson(KEY);
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}
