import { useId } from 'preact/hooks';
import type { PlanePoint } from '../../src/client/index.ts';
import { AXES, type Axis } from '../../src/frame-fields.ts';
import { t } from '../state/i18n.ts';
import { moodName } from '../state/mood-name.ts';
import { useScene } from '../state/scene.ts';
import { placeOfMood, TARGET_MOODS, type TargetMood } from '../state/target-presets.ts';

export interface PlaceFieldsProps {
  /** What the place is for: names the fields. */
  readonly name: string;
  readonly place: PlanePoint;
  /** Offers the present reading. */
  readonly withReading?: boolean;
  readonly onChange: (place: PlanePoint) => void;
}

/** A place of the plane, by mood or by numbers. */
export function PlaceFields({ name, place, withReading = false, onChange }: PlaceFieldsProps) {
  const reading = useReading();
  const id = useId();
  const same = (one: PlanePoint | null) =>
    one !== null && one.valence === place.valence && one.arousal === place.arousal;
  const mood = TARGET_MOODS.find((one) => same(placeOfMood(one)));
  const choose = (value: string) => {
    if (value === 'reading' && reading !== null) onChange(reading);
    else if (TARGET_MOODS.includes(value as TargetMood)) onChange(placeOfMood(value as TargetMood));
  };
  return (
    <div class="place-fields">
      <select
        class="text-input"
        aria-label={t('target.place', { name })}
        value={mood ?? (withReading && same(reading) ? 'reading' : 'own')}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {withReading && reading !== null && <option value="reading">{t('target.reading')}</option>}
        {TARGET_MOODS.map((one) => (
          <option key={one} value={one}>
            {moodName(one)}
          </option>
        ))}
        <option value="own">{t('target.own')}</option>
      </select>
      {AXES.map((axis: Axis) => (
        <label key={axis} for={`${id}-${axis}`}>
          {t(`axis.${axis}`)}
          <input
            id={`${id}-${axis}`}
            class="text-input"
            type="number"
            required
            min={-1}
            max={1}
            step={0.01}
            value={place[axis]}
            onInput={(event) => {
              const value = event.currentTarget.valueAsNumber;
              if (Math.abs(value) <= 1) onChange({ ...place, [axis]: value });
            }}
          />
        </label>
      ))}
    </div>
  );
}

/** The newest reading, in steps of 0.05; null before there is one. */
export function useReading(): PlanePoint | null {
  const { lastMusic } = useScene().snapshot.value;
  if (lastMusic?.valence == null || lastMusic.arousal === null) return null;
  const rounded = (value: number) => Math.round(20 * value) / 20 + 0;
  return { valence: rounded(lastMusic.valence), arousal: rounded(lastMusic.arousal) };
}
