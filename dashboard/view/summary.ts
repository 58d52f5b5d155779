import { effect, signal } from '@preact/signals';
import { chosen, present } from '../state/store.ts';
import { signed } from './format.ts';

/** No more than one announcement in this time: a screen reader needs it to finish the last. */
const QUIET_MS = 5000;

/** One sentence about what is shown, for screen readers; it changes only with the mood, not twice a second. */
export const summary = signal('No data yet.');

let saidKey = '';
let saidAtMs = Number.NEGATIVE_INFINITY;

effect(() => {
  const { frame, state } = present.value;
  const name = chosen.value;
  if (frame === null || name === null) return;
  const heard = state === 'running' ? (frame.mood ?? frame.activity) : state;
  const key = `${name} ${heard}`;
  const nowMs = performance.now();
  // A change within the quiet time is said by a later frame, if it is still true by then.
  if (key === saidKey || nowMs - saidAtMs < QUIET_MS) return;
  saidKey = key;
  saidAtMs = nowMs;
  const values =
    state === 'running' && frame.valence !== null
      ? `; valence ${signed(frame.valence)}, arousal ${signed(frame.arousal)}`
      : '';
  summary.value = `${name}: the music is perceived as ${heard}${values}.`;
  if (values === '') summary.value = `${name}: ${heard}.`;
});
