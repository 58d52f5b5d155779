import './target-distance.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { fixed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { useScene } from '../state/scene.ts';
import { presentDistance, steadyTenth } from '../state/target.ts';

/** How far the music is from the target of the session, in tenths. Its line is always there, so that nothing moves. */
export function TargetDistance() {
  const { snapshot, history, current, target } = useScene();
  const distance = useSignal<number | null>(null);
  useSignalEffect(() => {
    snapshot.value; // The ring of a live stream is the same with each step.
    const [path, steps] = [target.value, history.value?.ring];
    const known = path !== null && steps !== undefined && current.value;
    distance.value = steadyTenth(known ? presentDistance(steps, path) : null, distance.peek());
  });
  return (
    <p class="target-distance">
      {target.value !== null && (
        <>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M10 1.5l8.5 8.5-8.5 8.5L1.5 10ZM5.5 10h9M10 5.5v9" />
          </svg>
          {distance.value === null
            ? t('target.unknown')
            : t('target.distance', { distance: fixed(distance.value, 1) })}
        </>
      )}
    </p>
  );
}
