import './readouts.css';
import { fixed, signed, UNKNOWN } from './format.ts';
import { useScene } from './scene-context.ts';

/** The numbers of the newest step, in figures that never move their neighbours. */
export function Readouts() {
  const { present, current } = useScene();
  const { frame } = present.value;
  const confidence = frame?.valence == null ? null : frame.confidence * 100;
  return (
    <dl class="readouts" data-resting={!current.value}>
      <AxisReadout axis="valence" name="Valence" value={frame?.valence} sd={frame?.valenceSd} />
      <AxisReadout axis="arousal" name="Arousal" value={frame?.arousal} sd={frame?.arousalSd} />
      <SmallReadout name="Activity" value={frame?.activity ?? UNKNOWN} unit="" />
      <SmallReadout name="Confidence" value={fixed(confidence, 0)} unit="%" />
      <SmallReadout name="Latency" value={fixed(frame?.latencyMs, 1)} unit="ms" />
    </dl>
  );
}

interface AxisReadoutProps {
  readonly axis: 'valence' | 'arousal';
  readonly name: string;
  readonly value: number | null | undefined;
  readonly sd: number | null | undefined;
}

function AxisReadout({ axis, name, value, sd }: AxisReadoutProps) {
  return (
    <div class="readout readout-axis" data-axis={axis}>
      <dt>
        <svg class="line-key" viewBox="0 0 26 4" aria-hidden="true">
          <path d="M0 2h26" />
        </svg>
        {name}
      </dt>
      <dd data-unknown={value == null}>
        {signed(value)}
        {sd != null && <span class="readout-sd"> sd {fixed(sd, 2)}</span>}
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
