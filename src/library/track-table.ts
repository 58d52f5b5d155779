import { textTable } from '../util/text-table.ts';
import { camelot } from './music/musical-key.ts';
import type { LibraryTrack } from './store/library-track.ts';
import { minutes, signed } from './text.ts';
import { trackName } from './track-summary.ts';

/** Tracks as a table: mood, valence, arousal, tempo, key, length, loudness, name. An estimate has a `~`. */
export function trackTable(tracks: readonly LibraryTrack[]): string {
  const rows = tracks.map((track) => [
    track.mood,
    signed(track.valence),
    signed(track.arousal),
    tempoText(track),
    keyText(track),
    minutes(track.seconds),
    track.loudness === null ? '' : track.loudness.toFixed(1).replace('-', '−'),
    trackName(track),
  ]);
  const head = ['mood', 'valence', 'arousal', 'bpm', 'key', 'length', 'LUFS', 'track'];
  return textTable([head, ...rows], { align: 'lrrrlrrl' });
}

export const tempoText = ({ bpm, bpmFrom }: Pick<LibraryTrack, 'bpm' | 'bpmFrom'>): string =>
  bpm === null ? '' : `${bpmFrom === 'estimate' ? '~' : ''}${Math.round(bpm)}`;

export const keyText = ({ key, keyFrom }: Pick<LibraryTrack, 'key' | 'keyFrom'>): string =>
  key === null ? '' : `${keyFrom === 'estimate' ? '~' : ''}${camelot(key)}`;
