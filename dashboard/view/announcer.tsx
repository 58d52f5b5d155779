import { summary } from './summary.ts';

/** Heard, not seen. */
export function Announcer() {
  return (
    <p class="unseen" role="status" aria-live="polite">
      {summary.value}
    </p>
  );
}
