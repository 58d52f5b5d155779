import { year } from './dates.ts';

/** A year of a chart. */
export interface ChartYear {
  readonly ms: number;
  readonly label: string;
}

/** A year that begins so soon after the one before, as a share of the chart, leaves no room for the name of that. */
const YEAR_ROOM = 0.14;

/** The years of a chart, each where it begins in it. */
export function yearsOf(fromMs: number, toMs: number): ChartYear[] {
  const years: ChartYear[] = [{ ms: fromMs, label: year(fromMs) }];
  for (let next = new Date(fromMs).getFullYear() + 1; ; next++) {
    const ms = new Date(next, 0, 1).getTime();
    if (ms >= toMs) break;
    years.push({ ms, label: year(ms) });
  }
  return years.filter(
    ({ ms }, i) => ((years[i + 1]?.ms ?? Number.POSITIVE_INFINITY) - ms) / (toMs - fromMs) > YEAR_ROOM,
  );
}
