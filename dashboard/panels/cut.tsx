import './cut.css';
import { activeDeck, deckSlots } from '../state/decks.ts';
import { fixed, listed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { JUMP_SIZES, jumpSize, jumpsBetween, jumpTrend, jumpTrendTexts } from '../state/jump.ts';
import { currentFrame } from '../state/stream-status.ts';
import { records, updates } from '../state/streams.ts';
import { SteadyText } from './steady-text.tsx';

/** What a cut from the active deck to each other one would do now, and when it would do least. */
export function Cut() {
  const names = deckSlots.value;
  const from = names[activeDeck.value] ?? null;
  return (
    <section class="cut" aria-labelledby="cut-head">
      <h3 id="cut-head">
        {t('cut.title', { deck: activeDeck.value + 1 })} <span class="cut-hint">{t('cut.hint')}</span>
      </h3>
      <ul>
        {names.map((name, i) =>
          i === activeDeck.value ? null : (
            <CutTo key={i} from={from} name={name} number={i + 1} fromNumber={activeDeck.value + 1} />
          ),
        )}
      </ul>
    </section>
  );
}

const noMusicOn = (decks: readonly number[]): string =>
  t('cut.noMusic', { decks: listed(decks.map(String)) });

interface CutToProps {
  /** Null: a deck without a stream. */
  readonly from: string | null;
  readonly name: string | null;
  readonly number: number;
  readonly fromNumber: number;
}

function CutTo({ from, name, number, fromNumber }: CutToProps) {
  updates.value; // Here: a component that reads signals renders again only for them and for its props.
  const [a, b] = [from, name].map((one) => (one === null ? null : currentFrame(records.get(one))));
  const jumps = a == null || b == null ? [] : jumpsBetween(a, b);
  const now = jumps[0]?.seconds === 0 ? jumps[0].jump : null;
  const decks = [fromNumber, number];
  const silent = decks.filter((_, i) => [a, b][i]?.valence == null);
  const trend = jumpTrend(jumps);
  return (
    <li class="cut-to">
      <span class="cut-number">
        <span class="visually-hidden">{t('cut.to')} </span>
        {number}
      </span>
      <span class="cut-name clamped" title={name ?? undefined}>
        {name}
      </span>
      <b class="cut-jump">{fixed(now, 2)}</b>
      {/* A line each, as high as its longest text: the decks below stay where they are. */}
      <span class="cut-words">
        <span class="cut-size" data-size={now === null ? null : jumpSize(now)}>
          <SteadyText texts={[...JUMP_SIZES.map((size) => t(`jump.${size}`)), noMusicOn(decks)]}>
            {now === null ? noMusicOn(silent) : t(`jump.${jumpSize(now)}`)}
          </SteadyText>
        </span>
        <span class="cut-trend">
          <SteadyText texts={jumpTrendTexts().map((text) => t('cut.now', { trend: text }))}>
            {trend !== null && t('cut.now', { trend })}
          </SteadyText>
        </span>
      </span>
    </li>
  );
}
