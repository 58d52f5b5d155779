import { effect, signal, untracked } from '@preact/signals';
import type { StreamRemoved } from '../../src/types.ts';
import { moveMute } from './alert-attention.ts';
import { moveCues } from './cues.ts';
import { followDecks } from './decks.ts';
import { t } from './i18n.ts';
import { keepFocus } from './keep-focus.ts';
import { moveTarget } from './station-target.ts';
import { chooseAnother, chosen, nameNow, records, removal, streamNames } from './streams.ts';
import { setupHref, view } from './view.ts';

/** What a screen reader reads out about the newest removal of a stream that the page had. */
export const removalNote = signal('');

/** Follows streams that are removed or renamed, here or elsewhere: in the address, and in what is kept of them. */
export function followRemovals(): void {
  effect(() => {
    const notice = removal.value;
    if (notice !== null) untracked(() => follow(notice));
  });
  // A removed stream stays on the live page until another view is opened, or while there is another stream.
  effect(() => {
    const name = chosen.value;
    if (name === null || nameNow(name) !== null) return;
    if (view.value.page !== 'live') chooseAnother();
    else if (streamNames.value.length === 0) {
      history.replaceState(null, '', '#');
      chooseAnother();
    }
  });
}

function follow({ stream, renamedTo }: StreamRemoved): void {
  followDecks(stream, renamedTo);
  if (renamedTo !== undefined) {
    moveCues(stream, renamedTo);
    moveTarget(stream, renamedTo);
    moveMute(stream, renamedTo);
  }
  if (!records.has(stream)) return;
  keepFocus(stream, renamedTo);
  removalNote.value =
    renamedTo === undefined
      ? t('removed.note', { stream })
      : t('removed.renamed', { stream, name: renamedTo });
  const shown = view.peek();
  if (shown.page !== 'setup' || shown.stream !== stream || renamedTo === undefined) return;
  history.replaceState(null, '', setupHref(renamedTo));
  view.value = { page: 'setup', stream: renamedTo };
}
