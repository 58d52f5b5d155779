import { useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Scene } from '../state/scene.ts';
import type { StepRing } from '../state/step-ring.ts';
import { changeOf, nextTendency, type Tendency, type TendencyState } from '../state/tendency.ts';

/** Where the scene's music is moving; null without music, with values out of date, and while the mood is uncertain. */
export function useTendency({ snapshot, history, current }: Scene): Tendency | null {
  const shown = useSignal<Tendency | null>(null);
  const known = useRef<{ readonly ring: StepRing; readonly state: TendencyState } | null>(null);
  useSignalEffect(() => {
    const { frame } = snapshot.value;
    const ring = history.value?.ring;
    const change = ring === undefined || frame?.valence == null ? null : changeOf(ring);
    if (ring === undefined || change === null || !current.value) {
      known.current = null;
      shown.value = null;
      return;
    }
    // Another stream, or another place in a recording, begins anew.
    const before = known.current?.ring === ring ? known.current.state : null;
    const state = nextTendency(before, change, ring.x(ring.length - 1));
    known.current = { ring, state };
    shown.value = frame?.mood === 'uncertain' ? null : state.shown;
  });
  return shown.value;
}
