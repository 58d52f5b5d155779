import { chosenRecord } from '../state/store.ts';

/** A frame older than this says nothing of what the server's clock shows now. */
const FRESH_MS = 5_000;

/**
 * What the server's clock shows, judged by the newest frame, in ms since 1970: this computer's may be off.
 * undefined where nothing is heard.
 */
export function serverTimeMs(): number | undefined {
  const record = chosenRecord.peek();
  if (record?.last == null) return undefined;
  const sinceMs = performance.now() - record.heardAtMs;
  return sinceMs < FRESH_MS ? Date.parse(record.last.time) + sinceMs : undefined;
}
