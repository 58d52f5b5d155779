import { textTable } from '../../util/text-table.ts';
import type { Arc } from '../next/arc.ts';
import { minutes, signed } from '../text.ts';
import { trackName } from '../track-summary.ts';
import { keyText, tempoText } from '../track-table.ts';
import type { SetTrack } from './order-set.ts';

/** A set as a table: what is wished in the middle of each track, and what it is. */
export function setText(set: readonly SetTrack[], arc: Arc): string {
  const rows = set.map(({ track, start }, i) => {
    const wish = arc(start + track.seconds / 2);
    return [
      String(i + 1),
      minutes(start),
      `${signed(wish.valence)} ${signed(wish.arousal)}`,
      `${signed(track.valence)} ${signed(track.arousal)}`,
      track.mood,
      tempoText(track),
      keyText(track),
      trackName(track),
    ];
  });
  const last = set.at(-1)!;
  const count = set.length === 1 ? '1 track' : `${set.length} tracks`;
  const head = ['', 'start', 'wish', 'is', 'mood', 'bpm', 'key', 'track'];
  return `${textTable([head, ...rows], { align: 'rrrrlrrl' })}\n\n${count}, ${minutes(last.start + last.track.seconds)}`;
}
