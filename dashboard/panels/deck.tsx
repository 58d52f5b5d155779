import './deck.css';
import { useSignalEffect } from '@preact/signals';
import { AXES } from '../../src/frame-fields.ts';
import { activeDeck, decks, MIN_DECKS, removeDeck, setDeck } from '../state/decks.ts';
import { t } from '../state/i18n.ts';
import { connection, loadHistory } from '../state/live-connection.ts';
import { slopeOf } from '../state/slope.ts';
import { SLOPE_SECONDS, slopeWords } from '../state/slope-words.ts';
import { currentFrame, statusOf } from '../state/stream-status.ts';
import { possibleGaps, records, streamNames, updates } from '../state/streams.ts';
import { DeckCues } from './deck-cues.tsx';
import { DeckLanes } from './deck-lanes.tsx';

/** Enough for the lanes and the longest slope. */
const LOAD_SECONDS = 120;

export interface DeckProps {
  readonly index: number;
  /** Null: there is no stream for it, or none is known yet. */
  readonly name: string | null;
}

/** One deck: its stream, its word, its lanes, how steep they are, and its cues. */
export function Deck({ index, name }: DeckProps) {
  updates.value;
  const record = name === null ? undefined : records.get(name);
  const status = statusOf(record);
  const frame = currentFrame(record);
  const streams = [...new Set([...(name === null ? [] : [name]), ...streamNames.value])];
  const active = activeDeck.value === index;
  useSignalEffect(() => {
    if (name === null || possibleGaps.value === 0) return;
    const request = new AbortController();
    void loadHistory(name, LOAD_SECONDS, request.signal);
    return () => request.abort();
  });
  return (
    <section
      class="deck"
      data-stream={name}
      data-active={active}
      aria-label={t('deck.name', { deck: index + 1 })}
    >
      <div class="deck-head">
        <button
          type="button"
          class="button deck-number"
          aria-pressed={active}
          aria-label={t('deck.plays', { deck: index + 1 })}
          title={t('deck.key', { key: index + 1 })}
          onClick={() => {
            activeDeck.value = index;
          }}
        >
          {index + 1}
        </button>
        <select
          class="text-input deck-stream"
          aria-label={t('deck.stream', { deck: index + 1 })}
          title={name ?? undefined}
          value={name ?? ''}
          disabled={streams.length === 0}
          onChange={(event) => setDeck(index, event.currentTarget.value)}
        >
          {name === null && <option value="" />}
          {streams.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        {decks.value.length > MIN_DECKS && (
          <button
            type="button"
            class="button deck-remove"
            aria-label={t('deck.remove', { deck: index + 1 })}
            onClick={() => removeDeck(index)}
          >
            ×
          </button>
        )}
      </div>
      <p class="deck-word" data-inactive={status.inactive}>
        {status.word}
      </p>
      {name === null ? <NoStream /> : <DeckLanes name={name} />}
      <table class="deck-slopes">
        <caption>{t('deck.slopes')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">{t('stations.axis')}</span>
            </th>
            {SLOPE_SECONDS.map((seconds) => (
              <th key={seconds} scope="col">
                {seconds} s
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {AXES.map((axis) => (
            <tr key={axis} data-axis={axis}>
              <th scope="row">{t(`axis.${axis}`)}</th>
              {SLOPE_SECONDS.map((seconds) => {
                const isNow = record !== undefined && frame !== null;
                const { word, change } = slopeWords(isNow ? slopeOf(record.ring, axis, seconds) : null);
                return (
                  <td key={seconds}>
                    {/* Hidden, the word keeps its room. */}
                    <b>{change}</b> <span data-hidden={!isNow}>{word}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <DeckCues name={name} frame={frame} />
    </section>
  );
}

/** In place of the lanes, once the server is known to have too few streams. */
function NoStream() {
  return <p class="deck-lanes deck-none">{connection.value.state === 'open' && t('booth.needsTwo')}</p>;
}
