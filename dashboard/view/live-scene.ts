import { computed, signal } from '@preact/signals';
import { sessionMarks } from '../sessions/open-session.ts';
import type { Scene } from '../state/scene.ts';
import { chosenRecord, current, present } from '../state/store.ts';
import { WINDOWS, windowSeconds } from '../state/time-window.ts';
import { said } from './said.ts';
import { summary } from './summary.ts';

/** The chosen stream as it plays. */
export const liveScene: Scene = {
  present,
  track: computed(() => chosenRecord.value),
  current,
  said,
  summary,
  seconds: windowSeconds,
  windows: signal(WINDOWS),
  marks: sessionMarks,
  nowWord: 'now',
};
