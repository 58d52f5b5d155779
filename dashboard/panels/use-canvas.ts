import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { fitCanvas } from '../draw/canvas.ts';
import { addPainter, requestPaint } from '../state/paint-loop.ts';

/**
 * Draws on the canvas as of `nowMs` (`performance.now()` clock). `due`: it changed its size or `redraw` was called; it
 * may be up to date otherwise. Return true to be called again for the next screen frame.
 */
export type PaintCanvas = (context: CanvasRenderingContext2D, due: boolean, nowMs: number) => boolean;

export interface PaintedCanvas {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  redraw(): void;
}

/** A canvas in the page's paint loop, with one pixel per screen pixel. */
export function useCanvas(paint: PaintCanvas): PaintedCanvas {
  const canvas = useRef<HTMLCanvasElement>(null);
  const due = useRef(true);
  const newest = useRef(paint);
  newest.current = paint;
  const redraw = () => {
    due.current = true;
    requestPaint();
  };
  useEffect(() => {
    const target = canvas.current!;
    const context = target.getContext('2d')!;
    const stopFitting = fitCanvas(target, redraw);
    const removePainter = addPainter((nowMs, all) => {
      const isDue = due.current || all;
      due.current = false;
      return newest.current(context, isDue, nowMs);
    });
    return () => {
      stopFitting();
      removePainter();
    };
  }, []);
  return { canvas, redraw };
}
