import { client } from './client.ts';
import { t } from './i18n.ts';
import { type ArcTrack, setArc } from './set-arc.ts';
import { emotionsOf } from './stream-log.ts';
import { serverNowMs } from './streams.ts';

/** How far back a set goes without titles, in seconds. */
const SET_SECONDS = 6 * 3600;
const MAX_TITLES = 100;

/** The titles of a stream so far; without titles, its means of ten minutes. */
export async function loadArc(stream: string, signal: AbortSignal): Promise<readonly ArcTrack[]> {
  const tracks = await client.streams.tracks(stream, { limit: MAX_TITLES });
  if (tracks.length > 0) return setArc(tracks);
  const from = new Date(serverNowMs() - SET_SECONDS * 1000).toISOString();
  const frames = await emotionsOf(stream, { from, resolution: '10m' }, signal);
  return setArc(
    frames.map(({ time, valence, arousal }) => ({
      ...{ title: t('arc.tenMinutes'), artist: null, startedAt: time, valence, arousal },
    })),
  );
}
