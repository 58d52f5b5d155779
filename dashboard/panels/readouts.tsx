import './readouts.css';
import { AXES, type Axis, Z90 } from '../../src/frame-fields.ts';
import { fixed, signed, UNKNOWN } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { moodLetters } from '../state/mood-letters.ts';
import { moodWord } from '../state/mood-name.ts';
import { useScene } from '../state/scene.ts';
import type { Tendency } from '../state/tendency.ts';
import { SteadyText } from './steady-text.tsx';
import { useTendency } from './use-tendency.ts';

/** Words of at most so many letters leave room for the tendency beside them. */
const BESIDE_LETTERS = 10;

/** The mood in one word, readable across a room, and beside it where the music is moving. */
export function Mood() {
  const scene = useScene();
  const { label, inactive } = scene.status.value;
  const tendency = useTendency(scene);
  const letters = moodLetters().name;
  return (
    <div class="mood" data-long={letters > BESIDE_LETTERS}>
      <p class="mood-word" style={{ '--shown': Math.max(letters, label.length) }} data-inactive={inactive}>
        {label}
      </p>
      {/* Always there, so that nothing moves. */}
      <p class="mood-tendency" data-tendency={tendency}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d={tendency === null ? '' : ARROWS[tendency]} />
        </svg>
        <SteadyText texts={Object.keys(ARROWS).map((one) => t(`tendency.${one as Tendency}`))}>
          {tendency !== null && t(`tendency.${tendency}`)}
        </SteadyText>
      </p>
    </div>
  );
}

/** As on the plane: valence to the right, arousal upwards. */
const ARROWS: Readonly<Record<Tendency, string>> = {
  brightening: 'M3 10h14M11 4l6 6-6 6',
  darkening: 'M17 10H3M9 4l-6 6 6 6',
  rising: 'M10 17V3M4 9l6-6 6 6',
  calming: 'M10 3v14M4 11l6 6 6-6',
  steady: 'M3 7h14M3 13h14',
};

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
      <SmallReadout
        name={t('readout.activity')}
        value={frame === null ? UNKNOWN : moodWord(frame.activity)}
        unit=""
      />
      <SmallReadout name={t('readout.confidence')} value={fixed(confidence, 0)} unit="%" />
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
      {t(`axis.${axis}`)}
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
        <span class="readout-value">{signed(value)}</span>
        {hasIntervals && (
          <span class="readout-interval">
            {sd != null && t('readout.interval', { half: fixed(Z90 * sd, 2) })}
          </span>
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
