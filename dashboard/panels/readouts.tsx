import './readouts.css';
import { AXES, type Axis, Z90 } from '../../src/frame-fields.ts';
import { capitalized, fixed, signed, UNKNOWN } from '../state/format.ts';
import { useScene } from '../state/scene.ts';

/** The mood in one word, readable across a room. */
export function Mood() {
  const { label, inactive } = useScene().status.value;
  return (
    <div class="mood">
      <p class="mood-word" data-inactive={inactive}>
        {label}
      </p>
    </div>
  );
}

/** The numbers of the newest step, in fixed-width figures so that nothing moves. */
export function Readouts() {
  const { snapshot, current } = useScene();
  const { frame } = snapshot.value;
  const confidence = frame?.valence == null ? null : frame.confidence * 100;
  return (
    <dl class="readouts" data-inactive={!current.value}>
      {AXES.map((axis) => (
        <AxisReadout key={axis} axis={axis} value={frame?.[axis]} sd={frame?.[`${axis}Sd`]} />
      ))}
      <SmallReadout name="Activity" value={frame?.activity ?? UNKNOWN} unit="" />
      <SmallReadout name="Confidence" value={fixed(confidence, 0)} unit="%" />
      <SmallReadout name="Latency" value={fixed(frame?.latencyMs, 1)} unit="ms" />
    </dl>
  );
}

/** Name of an axis with a sample of its line in the chart. */
export function AxisName({ axis }: { axis: Axis }) {
  return (
    <>
      <svg class="line-key" viewBox="0 0 26 4" aria-hidden="true">
        <path d="M0 2h26" />
      </svg>
      {capitalized(axis)}
    </>
  );
}

interface AxisReadoutProps {
  readonly axis: Axis;
  readonly value: number | null | undefined;
  readonly sd: number | null | undefined;
}

function AxisReadout({ axis, value, sd }: AxisReadoutProps) {
  const { hasIntervals } = useScene();
  return (
    <div class="readout readout-axis" data-axis={axis}>
      <dt>
        <AxisName axis={axis} />
      </dt>
      <dd data-unknown={value == null}>
        {signed(value)}
        {hasIntervals && (
          <span class="readout-interval">{sd != null && `±${fixed(Z90 * sd, 2)}, nine times in ten`}</span>
        )}
      </dd>
    </div>
  );
}

interface SmallReadoutProps {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
}

function SmallReadout({ name, value, unit }: SmallReadoutProps) {
  return (
    <div class="readout">
      <dt>{name}</dt>
      <dd class="readout-small" data-unknown={value === UNKNOWN}>
        {value}
        {value !== UNKNOWN && unit !== '' && <span class="unit"> {unit}</span>}
      </dd>
    </div>
  );
}
