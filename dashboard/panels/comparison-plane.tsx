import './comparison-plane.css';
import type { CurvePart } from '../state/curve-parts.ts';
import { t } from '../state/i18n.ts';
import { moodWord } from '../state/mood-name.ts';
import { QUADRANTS } from './quadrants.ts';

/** The path of one session over the plane. */
export interface PlanePath {
  /** `A` or `B`. */
  readonly name: string;
  readonly parts: readonly CurvePart[];
}

const SIZE = 200;
const MARGIN = 8;

interface ComparisonPlaneProps {
  readonly paths: readonly PlanePath[];
  /** The plane ends at ± this. */
  readonly limit: number;
}

/** Paths of sessions over the circumplex plane: a ring where each begins, its letter where it ends. */
export function ComparisonPlane({ paths, limit }: ComparisonPlaneProps) {
  const places = paths.map(({ parts }) => parts.filter(hasPlace));
  const unit = (SIZE / 2 - MARGIN) / limit;
  const x = (valence: number) => SIZE / 2 + valence * unit;
  const y = (arousal: number) => SIZE / 2 - arousal * unit;
  return (
    <svg
      class="comparison-plane"
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="img"
      aria-label={t('compare.plane', { names: paths.map(({ name }) => name).join(', ') })}
    >
      <rect x={MARGIN} y={MARGIN} width={SIZE - 2 * MARGIN} height={SIZE - 2 * MARGIN} />
      <path
        class="comparison-axes"
        d={`M${MARGIN} ${SIZE / 2}H${SIZE - MARGIN}M${SIZE / 2} ${MARGIN}V${SIZE - MARGIN}`}
      />
      {QUADRANTS.map(([label, at]) => (
        <text
          key={at}
          class="comparison-quadrant"
          x={at.includes('left') ? MARGIN + 4 : SIZE - MARGIN - 4}
          y={at.includes('top') ? MARGIN + 11 : SIZE - MARGIN - 5}
          text-anchor={at.includes('left') ? 'start' : 'end'}
        >
          {moodWord(label)}
        </text>
      ))}
      {paths.map(({ name }, i) => {
        const [first, last] = [places[i]![0], places[i]!.at(-1)];
        if (first === undefined || last === undefined) return null;
        const d = places[i]!.map(
          ({ valence, arousal }) => `${x(valence).toFixed(1)} ${y(arousal).toFixed(1)}`,
        );
        return (
          <g key={name} data-name={name}>
            <path class="comparison-path" d={`M${d.join('L')}`} />
            <circle class="comparison-start" cx={x(first.valence)} cy={y(first.arousal)} r="3" />
            <circle class="comparison-end" cx={x(last.valence)} cy={y(last.arousal)} r="6" />
            <text class="comparison-name" x={x(last.valence)} y={y(last.arousal) + 3} text-anchor="middle">
              {name}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

const hasPlace = (part: CurvePart): part is CurvePart & { valence: number; arousal: number } =>
  part.valence !== null && part.arousal !== null;
