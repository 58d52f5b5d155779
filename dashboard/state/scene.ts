import type { ReadonlySignal, Signal } from '@preact/signals';
import type { EmotionFrame } from '../../src/types.ts';
import type { Mark } from '../draw/timeline.ts';
import type { Said } from '../view/said.ts';
import type { StepRing } from './step-ring.ts';
import type { Present } from './store.ts';

/** Steps up to the moment that is shown. */
export interface Track {
  readonly ring: StepRing;
  readonly last: EmotionFrame | null;
}

/** What the panels show: a stream as it plays, or a moment of a recording. */
export interface Scene {
  readonly present: ReadonlySignal<Present>;
  readonly track: ReadonlySignal<Track | null>;
  /** What is shown is known at this moment, not the last that was known. */
  readonly current: ReadonlySignal<boolean>;
  readonly said: ReadonlySignal<Said>;
  /** One sentence for screen readers. */
  readonly summary: ReadonlySignal<string>;
  /** How much of the past the chart shows, in seconds, and what may be chosen. */
  readonly seconds: Signal<number>;
  readonly windows: ReadonlySignal<readonly number[]>;
  readonly marks: ReadonlySignal<readonly Mark[]>;
  readonly nowWord: 'now' | 'here';
}
