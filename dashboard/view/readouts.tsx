import './readouts.css';
import { present } from '../state/store.ts';
import { fixed, signed, UNKNOWN } from './format.ts';

/** The numbers of the newest step, in figures that never move their neighbours. */
export function Readouts() {
  const { frame } = present.value;
  const known = frame?.valence != null;
  return (
    <dl class="readouts">
      <AxisReadout axis="valence" name="Valence" value={frame?.valence} sd={frame?.valenceSd} />
      <AxisReadout axis="arousal" name="Arousal" value={frame?.arousal} sd={frame?.arousalSd} />
      <div class="readout">
        <dt>Activity</dt>
        <dd class="readout-small">{frame?.activity ?? UNKNOWN}</dd>
      </div>
      <div class="readout">
        <dt>Confidence</dt>
        <dd class="readout-small">
          {known ? fixed(frame.confidence * 100, 0) : UNKNOWN} <span class="unit">%</span>
        </dd>
      </div>
      <div class="readout">
        <dt>Latency</dt>
        <dd class="readout-small">
          {fixed(frame?.latencyMs, 1)} <span class="unit">ms</span>
        </dd>
      </div>
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
      <dd>
        {signed(value)}
        <span class="readout-sd"> ± {fixed(sd, 2)}</span>
      </dd>
    </div>
  );
}
