import './window-choice.css';
import { WINDOWS, windowSeconds } from '../state/time-window.ts';

/** How much of the past the chart shows. */
export function WindowChoice() {
  return (
    <fieldset class="window-choice">
      <legend class="unseen">Time shown</legend>
      {WINDOWS.map((seconds) => (
        <label key={seconds}>
          <input
            type="radio"
            name="window"
            class="unseen"
            checked={seconds === windowSeconds.value}
            onChange={() => {
              windowSeconds.value = seconds;
            }}
          />
          <span>{seconds / 60} min</span>
        </label>
      ))}
    </fieldset>
  );
}
