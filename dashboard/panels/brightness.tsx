import './brightness.css';
import { t } from '../state/i18n.ts';
import { brightness, changeBrightness, MIN_BRIGHTNESS, theme } from '../state/theme.ts';
import { useKeys } from './use-keys.ts';

const STEP = 0.1;

/** Brightness of the booth theme; also the keys [ and ]. */
export function Brightness() {
  return theme.value === 'booth' ? <Slider /> : null;
}

function Slider() {
  useKeys({ '[': () => changeBrightness(-STEP), ']': () => changeBrightness(STEP) });
  return (
    <input
      type="range"
      class="brightness"
      aria-label={t('theme.brightness')}
      title={t('theme.brightnessKeys')}
      min={MIN_BRIGHTNESS}
      max={1}
      step={STEP / 2}
      value={brightness.value}
      onInput={(event) => {
        brightness.value = Number(event.currentTarget.value);
      }}
    />
  );
}
