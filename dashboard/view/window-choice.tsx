import './window-choice.css';
import { useScene } from './scene-context.ts';

/** How much of the past the chart shows. */
export function WindowChoice() {
  const { seconds: shown, windows } = useScene();
  return (
    <fieldset class="window-choice">
      <legend class="unseen">Time shown</legend>
      {windows.value.map((seconds) => (
        <label key={seconds}>
          <input
            type="radio"
            name="window"
            class="unseen"
            checked={seconds === shown.value}
            onChange={() => {
              shown.value = seconds;
            }}
          />
          <span>{seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`}</span>
        </label>
      ))}
    </fieldset>
  );
}
