import { useMemo } from 'preact/hooks';
import type { Curve } from '../state/curve.ts';
import { type CurvePart, curveParts } from '../state/curve-parts.ts';
import { elapsed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { ReadingsTable } from './readings-table.tsx';

const MAX_ROWS = 60;
const MIN_SECONDS = 5;

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

function partsOf(curve: Curve): CurvePart[] {
  const seconds = (curve.endMs - curve.startMs) / 1000;
  return curveParts(curve, Math.max(MIN_SECONDS, Math.ceil(seconds / MAX_ROWS / MIN_SECONDS) * MIN_SECONDS));
}
