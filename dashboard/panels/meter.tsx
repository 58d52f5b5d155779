import './meter.css';
import { fixed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { useScene } from '../state/scene.ts';

/** Left end of the scale in LUFS; the right end is 0. */
const MIN_LUFS = -60;
/** Absolute gate of BS.1770: values below it carry no meaning. */
const GATE_LUFS = -70;

/** Momentary loudness in LUFS. */
export function Meter() {
  const { snapshot, current } = useScene();
  // A level is of this moment: one that is out of date is not shown.
  const loudness = current.value ? snapshot.value.frame?.loudness : null;
  const share = loudness == null ? 0 : Math.max(0, Math.min(1, 1 - loudness / MIN_LUFS));
  return (
    <div class="meter" data-inactive={!current.value}>
      <p class="meter-name" id="meter-name">
        {t('meter.loudness')}
      </p>
      {/* Browsers draw a <meter> differently. */}
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div
        class="meter-track"
        role="meter"
        aria-labelledby="meter-name"
        aria-valuemin={MIN_LUFS}
        aria-valuemax={0}
        aria-valuenow={Math.round(loudness ?? MIN_LUFS)}
        aria-valuetext={
          !current.value
            ? t('meter.unknown')
            : loudness == null
              ? t('meter.noSound')
              : `${Math.round(loudness)} LUFS`
        }
      >
        <div class="meter-bar" style={{ transform: `scaleX(${share.toFixed(4)})` }} />
      </div>
      <p class="meter-value">
        <span class="meter-number">
          {loudness != null && loudness < GATE_LUFS ? `< ${fixed(GATE_LUFS, 0)}` : fixed(loudness, 1)}
        </span>
        <span class="unit">LUFS</span>
      </p>
    </div>
  );
}
