import { useMemo } from 'preact/hooks';
import { elapsed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import type { Curve } from '../state/recording.ts';
import { ReadingsTable } from './readings-table.tsx';

const MAX_ROWS = 60;
const MIN_SECONDS = 5;

/** One part of a curve. */
interface Part {
  /** Seconds since the beginning. */
  readonly at: number;
  /** The most frequent mood or activity. */
  readonly word: string;
  readonly valence: number | null;
  readonly arousal: number | null;
}

/** The numbers behind the curve of a file: means over equal parts; each can be played. */
export function CurveTable({ curve, onSeek }: { curve: Curve; onSeek: (seconds: number) => void }) {
  const parts = useMemo(() => partsOf(curve), [curve]);
  return (
    <details class="curve-table">
      <summary>{t('table.show')}</summary>
      <ReadingsTable
        readings={parts.map(({ at, ...means }) => ({
          key: at,
          from: (
            <button type="button" class="button" onClick={() => onSeek(at)}>
              <span class="visually-hidden">{t('table.playFrom')} </span>
              {elapsed(at)}
            </button>
          ),
          ...means,
        }))}
      />
    </details>
  );
}

function partsOf({ rows, times, startMs, endMs }: Curve): Part[] {
  const seconds = (endMs - startMs) / 1000;
  const length = Math.max(MIN_SECONDS, Math.ceil(seconds / MAX_ROWS / MIN_SECONDS) * MIN_SECONDS);
  const parts: Part[] = [];
  let i = 0;
  for (let at = 0; at < seconds; at += length) {
    const names = new Map<string, number>();
    let [valence, arousal, music, count] = [0, 0, 0, 0];
    for (; i < rows.length && times[i]! <= startMs + (at + length) * 1000; i++, count++) {
      const row = rows[i]!;
      const name = row.mood ?? row.activity;
      names.set(name, (names.get(name) ?? 0) + 1);
      if (row.valence === null || row.arousal === null) continue;
      valence += row.valence;
      arousal += row.arousal;
      music++;
    }
    if (count === 0) continue;
    const [most = 'silence'] = [...names].sort((a, b) => b[1] - a[1])[0] ?? [];
    parts.push({
      at,
      word: most,
      valence: music > 0 ? valence / music : null,
      arousal: music > 0 ? arousal / music : null,
    });
  }
  return parts;
}
