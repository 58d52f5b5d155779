import { year } from './dates.ts';

/** A year of a chart. */
export interface ChartYear {
  readonly ms: number;
  readonly label: string;
  /** No room for it on a phone. */
  readonly isTight: boolean;
}

/** The next year begins so soon, as a share of the chart, that a name has no room: on a phone, and everywhere. */
const ROOM = { narrow: 0.14, wide: 0.045 };

/** The years of a chart, each where it begins in it. */
export function yearsOf(fromMs: number, toMs: number): ChartYear[] {
  const years = [{ ms: fromMs, label: year(fromMs) }];
  for (let next = new Date(fromMs).getFullYear() + 1; ; next++) {
    const ms = new Date(next, 0, 1).getTime();
    if (ms >= toMs) break;
    years.push({ ms, label: year(ms) });
  }
  const shareOf = (i: number) =>
    ((years[i + 1]?.ms ?? Number.POSITIVE_INFINITY) - years[i]!.ms) / (toMs - fromMs);
  return years
    .map((one, i) => ({ ...one, isTight: shareOf(i) < ROOM.narrow, share: shareOf(i) }))
    .filter(({ share }) => share >= ROOM.wide)
    .map(({ ms, label, isTight }) => ({ ms, label, isTight }));
}
