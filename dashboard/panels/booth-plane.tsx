import './booth-plane.css';
import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { BOOTH_TRAIL_STEPS, drawBoothPlane, type PlaneDeck } from '../draw/booth-plane.ts';
import { fitCanvas, palette } from '../draw/canvas.ts';
import { DEFAULT_LIMIT, limitFor } from '../draw/limit.ts';
import { activeDeck, decks } from '../state/decks.ts';
import { signed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { moodWord } from '../state/mood-name.ts';
import { addPainter, requestPaint } from '../state/paint-loop.ts';
import { records, updates } from '../state/streams.ts';

const QUADRANTS = [
  ['tense', 'top left'],
  ['excited', 'top right'],
  ['sad', 'bottom left'],
  ['calm', 'bottom right'],
] as const;

/** All decks on one circumplex plane. */
export function BoothPlane() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dirty = useRef(true);
  const limit = useRef<number>(DEFAULT_LIMIT);
  const redraw = () => {
    dirty.current = true;
    requestPaint();
  };
  useSignalEffect(() => {
    updates.value;
    decks.value;
    activeDeck.value;
    palette.value;
    redraw();
  });
  useEffect(() => {
    const target = canvas.current!;
    const context = target.getContext('2d')!;
    const stopFitting = fitCanvas(target, redraw);
    const removePainter = addPainter(() => {
      if (!dirty.current) return false;
      dirty.current = false;
      const shown = planeDecks();
      limit.current = limitFor(Math.max(0, ...shown.map(reachOf)), limit.current);
      const font = getComputedStyle(target).font;
      drawBoothPlane(context, { decks: shown, limit: limit.current, colors: palette.peek(), font });
      return false;
    });
    return () => {
      stopFitting();
      removePainter();
    };
  }, []);
  updates.value;
  const places = planeDecks().map(({ label, frame }) =>
    t('booth.deckAt', {
      deck: label,
      valence: signed(frame?.valence),
      arousal: signed(frame?.arousal),
    }),
  );
  return (
    <figure class="booth-plane" aria-label={t('booth.plane')}>
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
    const frame = record.state === 'running' ? record.last : null;
    return [{ label: String(i + 1), ring: record.ring, frame, active: i === activeDeck.peek() }];
  });
}

function reachOf({ ring }: PlaneDeck): number {
  let reach = 0;
  for (let i = Math.max(0, ring.length - BOOTH_TRAIL_STEPS); i < ring.length; i++)
    if (ring.isMusic(i)) reach = Math.max(reach, Math.abs(ring.valence(i)), Math.abs(ring.arousal(i)));
  return reach;
}
