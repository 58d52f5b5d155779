import type { Timeline } from './layout.ts';
import { badData } from './layout.ts';
import type { Label } from './song.ts';
import type { WideTable } from './wide-csv.ts';

export interface AxisTables {
  readonly valence: WideTable;
  readonly arousal: WideTable;
  readonly valenceSd?: WideTable | undefined;
  readonly arousalSd?: WideTable | undefined;
}

/** Both axes side by side, where both are known. */
export function timelinesOf(tables: AxisTables, name: string): Map<string, Timeline> {
  const timelines = new Map<string, Timeline>();
  for (const [id, arousal] of tables.arousal) {
    const timeline = new Map<number, Label>();
    for (const [ms, a] of arousal) {
      const v = tables.valence.get(id)?.get(ms);
      if (v === undefined) continue;
      const [vSd, aSd] = [tables.valenceSd?.get(id)?.get(ms), tables.arousalSd?.get(id)?.get(ms)];
      timeline.set(ms, checked({ valence: v, arousal: a, ...sds(vSd, aSd) }, id, name));
    }
    if (timeline.size > 0) timelines.set(id, timeline);
  }
  return timelines;
}

export function checked(label: Label, id: string, name: string): Label {
  // Smoothing and rounding of the authors go a little past the end of the scale.
  if (Math.abs(label.valence) > 1.05 || Math.abs(label.arousal) > 1.05) {
    throw badData(`${name} has a label outside -1 … 1 for song ${id}`, 'bring the labels to that scale');
  }
  return { ...label, valence: clamp(label.valence), arousal: clamp(label.arousal) };
}

export function sds(valenceSd?: number, arousalSd?: number): Pick<Label, 'valenceSd' | 'arousalSd'> {
  return {
    ...(valenceSd !== undefined ? { valenceSd } : {}),
    ...(arousalSd !== undefined ? { arousalSd } : {}),
  };
}

function clamp(x: number): number {
  return Math.min(1, Math.max(-1, x));
}
