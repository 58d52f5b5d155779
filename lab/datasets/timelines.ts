import { badData, type Timeline } from './layout.ts';
import type { WideTable } from './published-csv.ts';
import type { Label } from './song.ts';

interface AxisTables {
  readonly valence: WideTable;
  readonly arousal: WideTable;
  readonly valenceSd?: WideTable | undefined;
  readonly arousalSd?: WideTable | undefined;
}

/** Timelines by song id, with a label wherever both axes have a value. @param name of the data set, for errors */
export function timelinesOf(tables: AxisTables, name: string): Map<string, Timeline> {
  const timelines = new Map<string, Timeline>();
  for (const [id, arousal] of tables.arousal) {
    const timeline = new Map<number, Label>();
    for (const [ms, a] of arousal) {
      const v = tables.valence.get(id)?.get(ms);
      if (v === undefined) continue;
      const [vSd, aSd] = [tables.valenceSd?.get(id)?.get(ms), tables.arousalSd?.get(id)?.get(ms)];
      timeline.set(ms, checkedLabel({ valence: v, arousal: a, ...labelSds(vSd, aSd) }, id, name));
    }
    if (timeline.size > 0) timelines.set(id, timeline);
  }
  return timelines;
}

/**
 * Clips a label to [-1, 1].
 *
 * @throws UserError `bad-data` if it is outside by more than 0.05, which the authors' smoothing and rounding can cause
 */
export function checkedLabel(label: Label, id: string, name: string): Label {
  if (Math.abs(label.valence) > 1.05 || Math.abs(label.arousal) > 1.05) {
    throw badData(`${name} has a label outside -1 … 1 for song ${id}`, 'rescale the labels');
  }
  return { ...label, valence: clamp(label.valence), arousal: clamp(label.arousal) };
}

/** The optional fields of a label; unknown ones are absent, not undefined. */
export function labelSds(valenceSd?: number, arousalSd?: number): Pick<Label, 'valenceSd' | 'arousalSd'> {
  return {
    ...(valenceSd !== undefined ? { valenceSd } : {}),
    ...(arousalSd !== undefined ? { arousalSd } : {}),
  };
}

function clamp(x: number): number {
  return Math.min(1, Math.max(-1, x));
}
