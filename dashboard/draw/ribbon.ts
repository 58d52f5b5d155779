import { firstAfter, type Part } from '../state/steps.ts';

/** A stretch of time with one label: a mood, `music` without one, `speech`, `silence`, or `no data`. */
export interface RibbonSpan {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** The labels of the time that `parts` cover, without two equal ones in a row. */
export function ribbonSpans(parts: readonly Part[]): RibbonSpan[] {
  const spans: RibbonSpan[] = [];
  const add = (from: number, to: number, label: string) => {
    const last = spans.at(-1);
    if (last !== undefined && last.label === label && from - last.to < 1e-6)
      spans[spans.length - 1] = { ...last, to };
    else if (to > from) spans.push({ from, to, label });
  };
  let end = Number.NaN;
  for (const { steps, from, to } of parts) {
    const last = firstAfter(steps, to);
    for (let i = firstAfter(steps, from); i < last; i++) {
      const x = steps.x(i);
      if (Number.isNaN(end) || x - end > steps.gapBefore(i)) {
        if (!Number.isNaN(end)) add(end, x - steps.stepSeconds, 'no data');
        end = Math.max(Number.isNaN(end) ? from : end, x - steps.stepSeconds);
      }
      const activity = steps.activity(i);
      add(end, x, activity === 'music' ? (steps.mood(i) ?? 'music') : activity);
      end = x;
    }
  }
  return spans;
}
