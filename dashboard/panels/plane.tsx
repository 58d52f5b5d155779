import './plane.css';
import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { fitCanvas, palette } from '../draw/canvas.ts';
import { drawCircumplex } from '../draw/circumplex.ts';
import { CircumplexAnimation } from '../draw/circumplex-animation.ts';
import { addPainter, requestPaint } from '../state/paint-loop.ts';
import { useScene } from '../state/scene.ts';
import { reducedMotion } from '../state/theme.ts';

/** The circumplex plane: valence to the right, arousal upwards, both from −1 to 1. */
export function Plane() {
  const { snapshot, history, current, summary } = useScene();
  const canvas = useRef<HTMLCanvasElement>(null);
  const animation = useMemo(() => new CircumplexAnimation(), []);
  const dirty = useRef(true);
  const shownRing = useRef(history.peek()?.ring);

  const redraw = () => {
    dirty.current = true;
    requestPaint();
  };

  useSignalEffect(() => {
    const { frame, lastMusic } = snapshot.value;
    animation.setTarget(frame, lastMusic, current.value);
    // The point does not glide from one stream to another.
    const ring = history.value?.ring;
    if (reducedMotion.value || ring !== shownRing.current) animation.snap();
    shownRing.current = ring;
    palette.value;
    redraw();
  });

  useEffect(() => {
    const target = canvas.current!;
    const context = target.getContext('2d')!;
    const stopFitting = fitCanvas(target, redraw);
    let lastMs = 0;
    const removePainter = addPainter((nowMs) => {
      const moving = animation.step((nowMs - lastMs) / 1000);
      lastMs = nowMs;
      if (!moving && !dirty.current) return false;
      dirty.current = false;
      drawCircumplex(context, animation.values, history.peek()?.ring ?? null, palette.peek());
      return moving;
    });
    return () => {
      stopFitting();
      removePainter();
    };
  }, []);

  return (
    <figure class="plane" aria-label="Circumplex plane">
      <PlaneGrid />
      <PlaneLegend />
      <canvas ref={canvas} class="plane-canvas" role="img" aria-label={summary.value} />
    </figure>
  );
}

const QUADRANTS = [
  ['tense', 'top left'],
  ['excited', 'top right'],
  ['sad', 'bottom left'],
  ['calm', 'bottom right'],
] as const;
const TICKS = [
  ['−1', 'left'],
  ['+1', 'right'],
  ['+1', 'top'],
  ['−1', 'bottom'],
] as const;

/** The static part: grid, circle, names of the axes and quadrants. */
function PlaneGrid() {
  return (
    <>
      <svg class="plane-grid" viewBox="-1 -1 2 2" aria-hidden="true">
        <rect class="plane-edge" x="-1" y="-1" width="2" height="2" />
        <path class="plane-half" d="M-.5-1v2M.5-1v2M-1-.5h2M-1 .5h2" />
        <circle class="plane-circle" r="1" />
        <path class="plane-axis" d="M-1 0h2M0-1v2" />
      </svg>
      <div class="plane-labels" aria-hidden="true">
        {QUADRANTS.map(([label, at]) => (
          <span key={at} class="plane-quadrant" data-at={at}>
            {label}
          </span>
        ))}
        {TICKS.map(([tick, at]) => (
          <span key={at} class="plane-tick" data-at={at}>
            {tick}
          </span>
        ))}
        <span class="plane-axis-name" data-axis="valence">
          Valence
        </span>
        <span class="plane-axis-name" data-axis="arousal">
          Arousal
        </span>
      </div>
    </>
  );
}

function PlaneLegend() {
  const { nowLabel, hasIntervals, hasForecast } = useScene();
  return (
    <figcaption class="plane-legend">
      <svg viewBox="0 0 22 12" aria-hidden="true">
        {hasIntervals && <ellipse cx="11" cy="6" rx="10" ry="5" />}
        <circle cx="11" cy="6" r="2.6" />
      </svg>
      {nowLabel}
      {hasForecast && (
        <>
          <svg viewBox="0 0 22 12" aria-hidden="true">
            <ellipse class="plane-legend-forecast" cx="11" cy="6" rx="10" ry="5" />
          </svg>
          in 10 s
        </>
      )}
      {hasIntervals && <span>nine times in ten</span>}
    </figcaption>
  );
}
