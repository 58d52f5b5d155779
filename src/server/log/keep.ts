import { parseDuration } from '../../duration.ts';
import { UserError } from '../../user-error.ts';

/** Below this, blocks of the log would be dropped before they are whole. */
const LEAST_MS = 3_600_000;

/** How long a stream's log is kept, as people write it (`90d`, `36h`, `forever`), in ms; null: for ever. */
export function parseKeep(text: string): number | null {
  if (text === 'forever') return null;
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= LEAST_MS) return ms;
  throw new UserError(
    'bad-keep',
    `"${text}" does not say how long a log is to be kept: write a span of an hour or longer such as 36h, 90d or 2y, or "forever".`,
  );
}
