import { computed } from '@preact/signals';
import { dayAndMonth } from '../state/dates.ts';
import { clock } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { connection } from '../state/live-connection.ts';
import { lacking } from '../state/load-until.ts';
import { useScene, wholeShown } from '../state/scene.ts';
import { possibleGaps } from '../state/streams.ts';
import { WHOLE } from '../state/whole.ts';

/** How much time the chart shows. */
export function WindowChoice() {
  const { windowSeconds, windows } = useScene();
  return (
    <fieldset class="window-choice">
      <legend class="visually-hidden">{t('chart.timeShown')}</legend>
      {windows.map((seconds) => (
        <label key={seconds}>
          <input
            type="radio"
            name="window"
            class="visually-hidden"
            checked={seconds === windowSeconds.value}
            onChange={() => {
              windowSeconds.value = seconds;
            }}
          />
          <span>{spanName(seconds)}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Something of the chart is still to be loaded: requests failed, or the server was away when the page was opened. */
const isLacking = computed(
  () => lacking.value > 0 || (possibleGaps.value === 0 && connection.value.state === 'waiting'),
);

/** What is missing, what the bands are or, once the chart has been moved away from the newest step, the times shown and the way back. */
export function TimelineNote() {
  const scene = useScene();
  const { windowSeconds, past, nowLabel, hasIntervals, hasForecast, target } = scene;
  const isWhole = wholeShown(scene) !== null;
  const until = past?.until.value ?? null;
  return (
    <div class="timeline-note">
      {past !== null && until === null && isLacking.value ? (
        <p class="timeline-bands" role="status">
          {t('chart.lacking')}
        </p>
      ) : past === null || until === null ? (
        <p class="timeline-bands">
          {hasIntervals && `${t('chart.bands')} `}
          {hasForecast && !isWhole && `${t('chart.forecast', { now: t(`scene.${nowLabel}`) })} `}
          {target.value !== null && `${t('chart.target')} `}
          {isWhole && t('chart.seek')}
        </p>
      ) : (
        <p class="timeline-range">
          <span>{rangeName(until - windowSeconds.value, until)}</span>
          <button
            type="button"
            class="button button-primary back-to-live"
            onClick={() => {
              past.until.value = null;
            }}
          >
            {t('chart.backToLive')}
          </button>
        </p>
      )}
    </div>
  );
}

function spanName(seconds: number): string {
  if (seconds === WHOLE) return t('chart.whole');
  if (seconds < 3600) return t('chart.minutes', { count: seconds / 60 });
  return seconds < 86_400
    ? t('chart.hours', { count: seconds / 3600 })
    : t('chart.days', { count: seconds / 86_400 });
}

/** "27 Nov, 20:15:00 to 20:18:00"; both days if they differ. */
function rangeName(from: number, to: number): string {
  const [start, end] = [new Date(from * 1000), new Date(to * 1000)];
  const time = (date: Date) => clock(date.toISOString());
  const later = dayAndMonth(start) === dayAndMonth(end) ? time(end) : `${dayAndMonth(end)}, ${time(end)}`;
  return t('chart.fromTo', { from: `${dayAndMonth(start)}, ${time(start)}`, to: later });
}
