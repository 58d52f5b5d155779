import { effect, untracked } from '@preact/signals';
import { History, type LoadTile } from './history.ts';
import { tileOfBuckets, tileOfFrames } from './history-tile.ts';
import { nowOf } from './scene.ts';
import { emotionsOf } from './stream-log.ts';
import { chosenRecord, clockChange, formerNames } from './streams.ts';

const load: LoadTile = async (stream, { resolution, stepSeconds }, { from, to }, signal) => {
  const range = { from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString() };
  if (resolution === 'step') {
    const query = { ...range, forecast: 'no' } as const;
    return tileOfFrames(await emotionsOf(stream, query, signal), stepSeconds);
  }
  const query = { ...range, resolution } as const;
  return tileOfBuckets(await emotionsOf(stream, query, signal), stepSeconds);
};

/** The server's log, for all charts of the page. */
export const liveHistory = new History({ load, now: () => nowOf({ history: chosenRecord }) });

effect(() => {
  clockChange.value;
  formerNames.value;
  untracked(() => liveHistory.clear());
});
