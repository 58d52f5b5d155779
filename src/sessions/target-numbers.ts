import { roundTo } from '../frame-fields.ts';
import type { ExtraNumber, Row } from '../log/export/pages.ts';
import { RESOLUTIONS, type Resolution } from '../log/query.ts';
import { type PlanePoint, planeDistance, targetAt } from '../target-path.ts';
import type { Session } from './schema.ts';

/** Decimals of frames in exports. */
const DECIMALS = 4;

/** The target of a session, and the distance from it, for each row of an export. A bucket has those of its middle. */
export function targetNumbers(
  { startedAt, target }: Pick<Session, 'startedAt' | 'target'>,
  resolution: Resolution,
): readonly ExtraNumber[] {
  const startMs = Date.parse(startedAt);
  const halfMs = (RESOLUTIONS[resolution] ?? 0) / 2;
  const at = (timeMs: number) => targetAt(target ?? [], (timeMs + halfMs - startMs) / 1000);
  const rounded = (value: number | undefined) => (value === undefined ? null : roundTo(value, DECIMALS));
  return [
    { name: 'targetValence', of: (_, timeMs) => rounded(at(timeMs)?.valence) },
    { name: 'targetArousal', of: (_, timeMs) => rounded(at(timeMs)?.arousal) },
    { name: 'targetDistance', of: (row, timeMs) => rounded(distance(row, at(timeMs))) },
  ];
}

function distance({ valence, arousal }: Row, target: PlanePoint | null): number | undefined {
  if (target === null || valence === null || arousal === null) return undefined;
  return planeDistance({ valence, arousal }, target);
}
