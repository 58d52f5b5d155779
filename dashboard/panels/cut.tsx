import './cut.css';
import { activeDeck, decks } from '../state/decks.ts';
import { fixed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { jumpSize, jumpsBetween, jumpTrend } from '../state/jump.ts';
import { records, updates } from '../state/streams.ts';

/** What a cut from the active deck to each other one would do now, and when it would do least. */
export function Cut() {
  const names = decks.value;
  const from = names[activeDeck.value];
  return (
    <section class="cut" aria-labelledby="cut-head">
      <h3 id="cut-head">
        {t('cut.title', { deck: activeDeck.value + 1 })} <span class="cut-hint">{t('cut.hint')}</span>
      </h3>
      <ul>
        {names.map((name, i) =>
          i === activeDeck.value || from === undefined ? null : (
            <CutTo key={name} from={from} name={name} number={i + 1} />
          ),
        )}
      </ul>
    </section>
  );
}

interface CutToProps {
  readonly from: string;
  readonly name: string;
  readonly number: number;
}

function CutTo({ from, name, number }: CutToProps) {
  updates.value; // Here: a component that reads signals renders again only for them and for its props.
  const [a, b] = [records.get(from)?.last, records.get(name)?.last];
  const jumps = a == null || b == null ? [] : jumpsBetween(a, b);
  const now = jumps[0]?.seconds === 0 ? jumps[0].jump : null;
  const trend = jumpTrend(jumps);
  return (
    <li class="cut-to">
      <span class="cut-number">
        <span class="visually-hidden">{t('cut.to')} </span>
        {number}
      </span>
      <span class="cut-name" title={name}>
        {name}
      </span>
      {now === null ? (
        <span class="cut-words cut-trend">{t('cut.noMusic')}</span>
      ) : (
        <>
          <b class="cut-jump">{fixed(now, 2)}</b>
          <span class="cut-words">
            <span class="cut-size" data-size={jumpSize(now)}>
              {t(`jump.${jumpSize(now)}`)}
            </span>
            <span class="cut-trend">{trend === null ? '' : ` ${t('cut.now', { trend })}`}</span>
          </span>
        </>
      )}
    </li>
  );
}
