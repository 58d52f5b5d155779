import type { Log } from '../../log/log.ts';
import type { SessionTrack } from '../schema.ts';
import type { Sessions } from '../sessions.ts';
import { playedTracks } from './played-tracks.ts';

interface SessionSource {
  readonly log: Log;
  readonly sessions: Pick<Sessions, 'get' | 'span'>;
}

/** The tracks that were played within a session, timed from its start, whichever way the clock was set meanwhile. */
export function sessionTracks({ log, sessions }: SessionSource, code: string): SessionTrack[] {
  const { stream, parts } = sessions.span(code);
  const startMs = Date.parse(sessions.get(code).startedAt);
  log.flush();
  return playedTracks(log, stream, parts).map(({ title, artist, fromMs, toMs, valence, arousal }) => ({
    ...{ title, artist, valence, arousal },
    at: (fromMs - startMs) / 1000,
    seconds: (toMs - fromMs) / 1000,
  }));
}
