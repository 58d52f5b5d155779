import type { PlanePoint } from '../../src/client/index.ts';
import type { TargetPlan } from '../state/target.ts';

/** Ends of the small plane, as ±. */
const REACH = 0.8;

interface TargetPlaneProps {
  readonly plan: TargetPlan;
  /** The step that a click places. */
  readonly active: number;
  readonly onPick: (place: PlanePoint) => void;
}

/** A target on a small plane to click on. The fields beside it do the same. */
export function TargetPlane({ plan: { from, steps }, active, onPick }: TargetPlaneProps) {
  const pick = (event: MouseEvent & { readonly currentTarget: SVGSVGElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = (share: number) => Math.round(20 * REACH * (2 * share - 1)) / 20 + 0;
    onPick({
      valence: place((event.clientX - box.left) / box.width),
      arousal: place((box.bottom - event.clientY) / box.height),
    });
  };
  const path = [from, ...steps].map(({ valence, arousal }) => `${valence} ${-arousal}`).join('L');
  return (
    <svg
      class="target-plane"
      viewBox={`${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`}
      aria-hidden="true"
      onClick={pick}
    >
      <path class="target-plane-axes" d="M-1 0h2M0-1v2" />
      <path class="target-plane-path" d={`M${path}`} />
      <circle cx={from.valence} cy={-from.arousal} r="0.05" />
      {steps.map(({ id, valence, arousal }) => (
        <path
          key={id}
          class="target-plane-goal"
          data-active={steps.length > 1 && id === active}
          d={`M${valence} ${-arousal - 0.1}l.1 .1-.1 .1-.1-.1Z`}
        />
      ))}
    </svg>
  );
}
