import { clock } from '../state/format.ts';
import { useScene } from '../state/scene.ts';

/** How much time the chart shows. */
export function WindowChoice() {
  const { windowSeconds, windows } = useScene();
  return (
    <fieldset class="window-choice">
      <legend class="visually-hidden">Time shown</legend>
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

/** What the bands are or, once the chart has been moved away from the newest step, the times shown and the way back. */
export function TimelineNote() {
  const { windowSeconds, past, nowLabel, hasIntervals, hasForecast } = useScene();
  const until = past?.until.value ?? null;
  return (
    <div class="timeline-note">
      {past === null || until === null ? (
        <p class="timeline-bands">
          {hasIntervals && 'Bands: nine times in ten. '}
          {hasForecast && `After “${nowLabel}”: forecast.`}
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
            Back to live
          </button>
        </p>
      )}
    </div>
  );
}

export function spanName(seconds: number): string {
  if (seconds < 3600) return `${seconds / 60} min`;
  return seconds < 86_400 ? `${seconds / 3600} h` : `${seconds / 86_400} d`;
}

/** "27 Nov, 20:15:00 to 20:18:00"; both days if they differ. */
function rangeName(from: number, to: number): string {
  const [start, end] = [new Date(from * 1000), new Date(to * 1000)];
  const day = (date: Date) => date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
  const time = (date: Date) => clock(date.toISOString());
  const later = day(start) === day(end) ? time(end) : `${day(end)}, ${time(end)}`;
  return `${day(start)}, ${time(start)} to ${later}`;
}
