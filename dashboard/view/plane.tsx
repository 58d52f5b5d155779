import './plane.css';
import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { drawCircumplex } from '../draw/circumplex.ts';
import { aim, newCircumplexGlide } from '../draw/circumplex-state.ts';
import { fitCanvas } from '../draw/fit-canvas.ts';
import { reducedMotion } from '../draw/motion.ts';
import { palette } from '../draw/palette.ts';
import { addPainter, requestPaint } from '../state/frame-loop.ts';
import { PlaneGround } from './plane-ground.tsx';
import { useScene } from './scene-context.ts';

/** The circumplex plane: valence to the right, arousal upwards, both from −1 to 1. */
export function Plane() {
  const { present, track, current, summary } = useScene();
  const canvas = useRef<HTMLCanvasElement>(null);
  const glide = useRef(newCircumplexGlide()).current;
  const dirty = useRef(true);

  const redraw = () => {
    dirty.current = true;
    requestPaint();
  };

  useSignalEffect(() => {
    const { frame, lastMusic } = present.value;
    aim(glide, frame, lastMusic, current.value);
    if (reducedMotion.value) glide.snap();
    palette.value;
    redraw();
  });
  useSignalEffect(() => {
    track.value; // another stream's point is another point: it does not glide there
    glide.snap();
  });

  useEffect(() => {
    const target = canvas.current!;
    const context = target.getContext('2d')!;
    const endFit = fitCanvas(target, redraw);
    let lastMs = 0;
    const endPaint = addPainter((nowMs) => {
      const moving = glide.step((nowMs - lastMs) / 1000);
      lastMs = nowMs;
      if (!moving && !dirty.current) return false;
      dirty.current = false;
      drawCircumplex(context, glide.values, track.peek()?.ring ?? null, palette.peek());
      return moving;
    });
    return () => {
      endFit();
      endPaint();
    };
  }, []);

  return (
    <figure class="plane" aria-label="Circumplex plane">
      <PlaneGround />
      <canvas ref={canvas} class="plane-canvas" role="img" aria-label={summary.value} />
    </figure>
  );
}
