import './target-fields.css';
import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { PlanePoint } from '../../src/client/index.ts';
import { AXES, type Axis } from '../../src/frame-fields.ts';
import { t } from '../state/i18n.ts';
import { moodName } from '../state/mood-name.ts';
import { useScene } from '../state/scene.ts';
import type { TargetLeg } from '../state/target.ts';
import { placeOfMood, TARGET_MOODS, type TargetMood } from '../state/target-presets.ts';

/** Ends of the small plane, as ±. */
const REACH = 0.8;
const MAX_MINUTES = 600;

/** From where to where a target leads, and how long it takes: by mood, by number, or with a click on a small plane. */
export function TargetFields({ leg }: { readonly leg: Signal<TargetLeg> }) {
  const { from, to, minutes } = leg.value;
  const set = (part: Partial<TargetLeg>) => {
    leg.value = { ...leg.peek(), ...part };
  };
  return (
    <div class="target-fields">
      <PlaceFields
        name={t('target.from')}
        place={from}
        withReading
        onChange={(place) => set({ from: place })}
      />
      <PlaceFields name={t('target.to')} place={to} onChange={(place) => set({ to: place })} />
      <label class="target-minutes">
        {t('target.minutes')}
        <input
          class="text-input"
          type="number"
          required
          min={1}
          max={MAX_MINUTES}
          value={minutes}
          onInput={(event) => set({ minutes: event.currentTarget.valueAsNumber || minutes })}
        />
      </label>
      <SmallPlane from={from} to={to} onPick={(place) => set({ to: place })} />
    </div>
  );
}

interface PlaceFieldsProps {
  readonly name: string;
  readonly place: PlanePoint;
  /** Offers the present reading. */
  readonly withReading?: boolean;
  readonly onChange: (place: PlanePoint) => void;
}

function PlaceFields({ name, place, withReading = false, onChange }: PlaceFieldsProps) {
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
    <fieldset class="target-place">
      <legend>{name}</legend>
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
            step={0.05}
            value={place[axis]}
            onInput={(event) => {
              const value = event.currentTarget.valueAsNumber;
              if (Math.abs(value) <= 1) onChange({ ...place, [axis]: value });
            }}
          />
        </label>
      ))}
    </fieldset>
  );
}

/** The newest reading, in steps of 0.05; null before there is one. */
export function useReading(): PlanePoint | null {
  const { lastMusic } = useScene().snapshot.value;
  if (lastMusic?.valence == null || lastMusic.arousal === null) return null;
  const rounded = (value: number) => Math.round(20 * value) / 20 + 0;
  return { valence: rounded(lastMusic.valence), arousal: rounded(lastMusic.arousal) };
}

interface SmallPlaneProps extends Pick<TargetLeg, 'from' | 'to'> {
  readonly onPick: (place: PlanePoint) => void;
}

/** A plane to click on. The fields beside it do the same. */
function SmallPlane({ from, to, onPick }: SmallPlaneProps) {
  const pick = (event: MouseEvent & { readonly currentTarget: SVGSVGElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = (share: number) => Math.round(20 * REACH * (2 * share - 1)) / 20 + 0;
    onPick({
      valence: place((event.clientX - box.left) / box.width),
      arousal: place((box.bottom - event.clientY) / box.height),
    });
  };
  return (
    <svg
      class="target-plane"
      viewBox={`${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`}
      aria-hidden="true"
      onClick={pick}
    >
      <path class="target-plane-axes" d="M-1 0h2M0-1v2" />
      <path class="target-plane-path" d={`M${from.valence} ${-from.arousal}L${to.valence} ${-to.arousal}`} />
      <circle cx={from.valence} cy={-from.arousal} r="0.05" />
      <path class="target-plane-goal" d={`M${to.valence} ${-to.arousal - 0.1}l.1 .1-.1 .1-.1-.1Z`} />
    </svg>
  );
}
