import './meter.css';
import { fixed } from './format.ts';
import { useScene } from './scene-context.ts';

const LOWEST = -60;
/** BS.1770's absolute gate: below it a number says nothing. */
const INAUDIBLE = -70;

/** Momentary loudness in LUFS. */
export function Meter() {
  const loudness = useScene().present.value.frame?.loudness;
  const share = loudness == null ? 0 : Math.max(0, Math.min(1, 1 - loudness / LOWEST));
  return (
    <div class="meter">
      <p class="meter-name" id="meter-name">
        Level
      </p>
      {/* A <meter> would bring each browser's own drawing. */}
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div
        class="meter-track"
        role="meter"
        aria-labelledby="meter-name"
        aria-valuemin={LOWEST}
        aria-valuemax={0}
        aria-valuenow={Math.round(loudness ?? LOWEST)}
        aria-valuetext={loudness == null ? 'no sound' : `${Math.round(loudness)} LUFS`}
      >
        <div class="meter-bar" style={{ transform: `scaleX(${share.toFixed(4)})` }} />
      </div>
      <p class="meter-value">
        {loudness != null && loudness < INAUDIBLE ? `< ${fixed(INAUDIBLE, 0)}` : fixed(loudness, 1)}{' '}
        <span class="unit">LUFS</span>
      </p>
    </div>
  );
}
