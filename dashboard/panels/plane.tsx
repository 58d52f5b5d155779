import './plane-frame.css';
import './plane.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { palette } from '../draw/canvas.ts';
import { drawCircumplex, TRAIL_STEPS } from '../draw/circumplex.ts';
import { CircumplexAnimation, LIMIT } from '../draw/circumplex-animation.ts';
import { DEFAULT_LIMIT, limitFor, trailReach } from '../draw/limit.ts';
import { locale, t } from '../state/i18n.ts';
import { moodWord } from '../state/mood-name.ts';
import { useScene, wholeShown } from '../state/scene.ts';
import { targetReach } from '../state/target.ts';
import { reducedMotion } from '../state/theme.ts';
import { QUADRANTS } from './quadrants.ts';
import { useCanvas } from './use-canvas.ts';

/** The circumplex plane: valence to the right, arousal upwards; as much of it as the music needs. */
export function Plane() {
  const scene = useScene();
  const { snapshot, history, current, summary, target, whole } = scene;
  const grid = useRef<SVGSVGElement>(null);
  const animation = useMemo(() => new CircumplexAnimation(DEFAULT_LIMIT), []);
  const limit = useSignal<number>(DEFAULT_LIMIT);
  const shownRing = useRef(history.peek()?.ring);
  const lastMs = useRef(0);
  const { canvas, redraw } = useCanvas((context, due, nowMs) => {
    const moving = animation.step((nowMs - lastMs.current) / 1000);
    lastMs.current = nowMs;
    if (!moving && !due) return false;
    const end = animation.values[LIMIT]!;
    grid.current?.setAttribute('viewBox', `${-end} ${-end} ${2 * end} ${2 * end}`);
    const ring = history.peek()?.ring ?? null;
    drawCircumplex(context, animation.values, ring, palette.peek(), target.peek());
    return moving;
  });

  useSignalEffect(() => {
    const { frame, lastMusic } = snapshot.value;
    animation.setTarget(frame, lastMusic, current.value);
    // The point does not glide from one stream to another.
    const ring = history.value?.ring;
    const reach = ring === undefined ? 0 : trailReach(ring, TRAIL_STEPS);
    limit.value = limitFor(Math.max(reach, targetReach(target.value), whole?.reach ?? 0), limit.peek());
    animation.setLimit(limit.peek());
    if (reducedMotion.value || ring !== shownRing.current) animation.snap();
    shownRing.current = ring;
    palette.value;
    redraw();
  });

  return (
    <figure class="plane-frame plane" aria-label={t('plane.name')}>
      <svg ref={grid} class="plane-grid" viewBox="-.6 -.6 1.2 1.2" aria-hidden="true">
        <path class="plane-lines" d={GRID_LINES} />
        <circle class="plane-circle" r="1" />
        <path class="plane-axis" d="M-1 0h2M0-1v2" />
        <path class="plane-whole" d={wholeShown(scene)?.path ?? ''} />
      </svg>
      <PlaneLabels limit={limit.value} />
      <PlaneLegend />
      <canvas ref={canvas} role="img" aria-label={summary.value} />
    </figure>
  );
}

const SIDES = ['left', 'right', 'top', 'bottom'] as const;

/** Lines every 0.2, and the edge of the whole plane. */
const GRID_LINES = [-1, -0.8, -0.6, -0.4, -0.2, 0.2, 0.4, 0.6, 0.8, 1]
  .map((at) => `M${at}-1v2M-1 ${at}h2`)
  .join('');

/** Names of the axes and quadrants, and where the axes end. */
function PlaneLabels({ limit }: { readonly limit: number }) {
  return (
    <div class="plane-labels" aria-hidden="true">
      {QUADRANTS.map(([label, at]) => (
        <span key={at} class="plane-quadrant" data-at={at}>
          {moodWord(label)}
        </span>
      ))}
      {SIDES.map((at) => (
        <span key={at} class="plane-tick" data-at={at}>
          {`${at === 'right' || at === 'top' ? '+' : '−'}${limit.toLocaleString(locale())}`}
        </span>
      ))}
      <span class="plane-axis-name" data-axis="valence">
        {t('axis.valence')}
      </span>
      <span class="plane-axis-name" data-axis="arousal">
        {t('axis.arousal')}
      </span>
    </div>
  );
}

function PlaneLegend() {
  const { nowLabel, hasIntervals, hasForecast, target, past } = useScene();
  return (
    <figcaption class="plane-legend">
      <svg viewBox="0 0 22 12" aria-hidden="true">
        {hasIntervals && <ellipse cx="11" cy="6" rx="10" ry="5" />}
        <circle cx="11" cy="6" r="2.6" />
      </svg>
      {t(`scene.${nowLabel}`)}
      {hasForecast && (
        <>
          <svg viewBox="0 0 22 12" aria-hidden="true">
            <ellipse class="plane-legend-forecast" cx="11" cy="6" rx="10" ry="5" />
          </svg>
          {t('plane.in10')}
        </>
      )}
      {hasIntervals && <span>{t('plane.nineInTen')}</span>}
      {(target.value !== null || past !== null) && (
        // On the live page its room is kept, so that nothing moves when a target is set.
        <span class="plane-legend-target" data-shown={target.value !== null}>
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <path d="M6 1l5 5-5 5-5-5Z" />
          </svg>
          {t('target.target')}
        </span>
      )}
    </figcaption>
  );
}
