import { effect } from '@preact/signals';
import { client } from './client.ts';
import { History, type LoadTile } from './history.ts';
import { tileOfBuckets, tileOfFrames } from './history-tile.ts';
import { chosenRecord, clockChange } from './streams.ts';

const load: LoadTile = async (stream, { resolution, stepSeconds }, { from, to }, signal) => {
  const range = { from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString() };
  if (resolution === 'step') {
    const query = { ...range, forecast: 'no' } as const;
    return tileOfFrames((await client.streams.emotions(stream, query, signal)).frames, stepSeconds);
  }
  const query = { ...range, resolution } as const;
  return tileOfBuckets((await client.streams.emotions(stream, query, signal)).frames, stepSeconds);
};

/** The server's present in seconds since 1970, as far as it is known: this computer's clock may be wrong. */
function serverNow(): number {
  const ring = chosenRecord.peek()?.ring;
  return ring !== undefined && ring.length > 0 ? ring.x(ring.length - 1) : Date.now() / 1000;
}

/** The server's log, for all charts of the page. */
export const liveHistory = new History({ load, now: serverNow });

effect(() => {
  if (clockChange.value !== null) liveHistory.clear();
});
