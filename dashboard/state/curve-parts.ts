import type { Curve } from './curve.ts';

/** The means of a part of a curve. */
export interface CurvePart {
  /** Seconds since the beginning. */
  readonly at: number;
  /** The most frequent mood or activity. */
  readonly word: string;
  /** null without music. */
  readonly valence: number | null;
  readonly arousal: number | null;
}

/** Means over equal parts of `seconds`; parts without data are left out. */
export function curveParts({ rows, times, startMs, endMs }: Curve, seconds: number): CurvePart[] {
  const length = (endMs - startMs) / 1000;
  const parts: CurvePart[] = [];
  let i = 0;
  for (let at = 0; at < length; at += seconds) {
    const names = new Map<string, number>();
    let [valence, arousal, music, count] = [0, 0, 0, 0];
    for (; i < rows.length && times[i]! <= startMs + (at + seconds) * 1000; i++, count++) {
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
