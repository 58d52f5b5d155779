import { computed, signal } from '@preact/signals';
import { keepFocus } from './keep-focus.ts';
import { store, storedJson } from './storage.ts';
import { nameNow, records, streamNames } from './streams.ts';
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
  const present = (given.length > 0 ? given : storedDecks()).flatMap((name) => nameNow(name) ?? []);
  const wanted = [...new Set(present)].slice(0, MAX_DECKS);
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
  keepFocus(now[index]!, undefined);
  // The deck that plays stays that one.
  if (index < activeDeck.peek()) activeDeck.value--;
  activeDeck.value = Math.min(activeDeck.peek(), now.length - 2);
  show(now.filter((_, i) => i !== index));
}

/** Follows a stream that was removed or renamed, in the address and in what is kept. Call it before the change. */
export function followDecks(stream: string, renamedTo: string | undefined): void {
  const shown = view.peek();
  const replaced = (names: readonly string[]) =>
    names.flatMap((name) => (name === stream ? (renamedTo ?? []) : name));
  const stored = storedDecks();
  if (stored.includes(stream)) store(KEY, JSON.stringify(replaced(stored)));
  if (shown.page !== 'booth') return;
  const at = decks.peek().indexOf(stream);
  if (renamedTo === undefined && at >= 0 && at < activeDeck.peek()) activeDeck.value--;
  if (shown.decks.includes(stream)) show(replaced(shown.decks));
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
