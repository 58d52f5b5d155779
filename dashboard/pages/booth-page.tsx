import './booth-page.css';
import { BoothPlane } from '../panels/booth-plane.tsx';
import { Cut } from '../panels/cut.tsx';
import { Deck } from '../panels/deck.tsx';
import { FullScreenButton } from '../panels/display-buttons.tsx';
import { NextTracksPanel } from '../panels/next-tracks.tsx';
import { SetArc } from '../panels/set-arc.tsx';
import { useKeys } from '../panels/use-keys.ts';
import { useStatusClock } from '../panels/use-status-clock.ts';
import { activeDeck, addDeck, deckSlots, decks, MAX_DECKS } from '../state/decks.ts';
import { t } from '../state/i18n.ts';
import { streamNames } from '../state/streams.ts';
// Last: it overrides the style sheets of the panels.
import './booth-compact.css';

const choose = (index: number) => () => {
  if (index < decks.peek().length) activeDeck.value = index;
};

/** Two to four streams side by side, for whoever mixes them. */
export function BoothPage() {
  useKeys({ 1: choose(0), 2: choose(1), 3: choose(2), 4: choose(3) });
  useStatusClock();
  const names = deckSlots.value;
  const canAdd = names.length < MAX_DECKS && streamNames.value.length > names.length;
  return (
    <main id="content" class="booth-page" tabIndex={-1}>
      <div class="booth-head">
        <h2>{t('nav.booth')}</h2>
        <p class="booth-hint">{t('booth.keys')}</p>
        <button type="button" class="button" disabled={!canAdd} onClick={addDeck}>
          {t('booth.addDeck')}
        </button>
        <FullScreenButton />
      </div>
      <div class="booth">
        <div class="booth-left">
          <BoothPlane />
          <Cut />
        </div>
        <div class="booth-decks" data-count={names.length}>
          {names.map((name, i) => (
            <Deck key={`${i} ${name}`} index={i} name={name} />
          ))}
        </div>
        <div class="booth-below">
          <SetArc />
          <NextTracksPanel />
        </div>
      </div>
    </main>
  );
}
