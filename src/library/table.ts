import { textTable } from '../util/text-table.ts';
import type { Ending } from './passages.ts';
import type { Ranked } from './rank.ts';
import { signed } from './text.ts';

/** The text output of `undertone next`: where the track ends, its forecast, and the ranked candidates. */
export function nextTable(
  after: string,
  ending: Ending,
  ranked: readonly Ranked[],
  tolerance: number,
): string {
  const rows = [
    ['rank', 'distance', 'valence', 'arousal', 'mood', `within ±${tolerance}`, 'file'],
    ...ranked.map(({ rank, distance, opening, fits, file }) => [
      String(rank),
      distance.toFixed(2),
      signed(opening.valence),
      signed(opening.arousal),
      opening.mood,
      fits ? 'yes' : 'no',
      file,
    ]),
  ];
  return [...endingLines(after, ending), '', textTable(rows, { align: 'rrrrl' })].join('\n');
}

function endingLines(after: string, { t, valence, arousal, mood, forecast }: Ending): string[] {
  const point = (at: { readonly valence: number; readonly arousal: number }) =>
    `valence ${signed(at.valence)}, arousal ${signed(at.arousal)}`;
  const ahead = forecast.at(-1);
  return [
    `${after} ends at ${clock(t)}: ${point({ valence, arousal })} (${mood})`,
    ...(ahead ? [`in ${ahead.horizon} s it would be at ${point(ahead)}`] : []),
  ];
}

/** 3:07.5 */
function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - 60 * minutes).toFixed(1).padStart(4, '0')}`;
}
