import './plane-frame.css';
import './booth-plane.css';
import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { BOOTH_TRAIL_STEPS, drawBoothPlane, type PlaneDeck } from '../draw/booth-plane.ts';
import { palette } from '../draw/canvas.ts';
import { DEFAULT_LIMIT, limitFor, trailReach } from '../draw/limit.ts';
import { activeDeck, decks } from '../state/decks.ts';
import { signed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { moodWord } from '../state/mood-name.ts';
import { currentFrame } from '../state/stream-status.ts';
import { records, updates } from '../state/streams.ts';
import { QUADRANTS } from './quadrants.ts';
import { useCanvas } from './use-canvas.ts';

/** All decks on one circumplex plane. */
export function BoothPlane() {
  const limit = useRef<number>(DEFAULT_LIMIT);
  const { canvas, redraw } = useCanvas((context, due) => {
    if (!due) return false;
    const shown = planeDecks();
    const reach = Math.max(0, ...shown.map(({ ring }) => trailReach(ring, BOOTH_TRAIL_STEPS)));
    limit.current = limitFor(reach, limit.current);
    const { font } = getComputedStyle(context.canvas);
    drawBoothPlane(context, { decks: shown, limit: limit.current, colors: palette.peek(), font });
    return false;
  });
  useSignalEffect(() => {
    updates.value;
    decks.value;
    activeDeck.value;
    palette.value;
    redraw();
  });
  updates.value;
  const places = planeDecks().map(({ label, frame }) =>
    t('booth.deckAt', {
      deck: label,
      valence: signed(frame?.valence),
      arousal: signed(frame?.arousal),
    }),
  );
  return (
    <figure class="plane-frame booth-plane" aria-label={t('booth.plane')}>
      <canvas ref={canvas} role="img" aria-label={places.join('; ')} />
      {QUADRANTS.map(([label, at]) => (
        <span key={at} data-at={at} aria-hidden="true">
          {moodWord(label)}
        </span>
      ))}
    </figure>
  );
}

function planeDecks(): PlaneDeck[] {
  return decks.peek().flatMap((name, i) => {
    const record = records.get(name);
    if (record === undefined) return [];
    const { ring } = record;
    return [{ label: String(i + 1), ring, frame: currentFrame(record), active: i === activeDeck.peek() }];
  });
}
