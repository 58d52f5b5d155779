import { lineUnit, palette } from '../draw/canvas.ts';
import { drawSparkline } from '../draw/sparkline.ts';
import { fillMissed, missedTimes } from '../state/missed.ts';
import { addPainter, requestPaint } from '../state/paint-loop.ts';
import { currentFrame, secondsStill } from '../state/stream-status.ts';
import { records } from '../state/streams.ts';
import { joinParts } from '../state/view-parts.ts';
import { WALL_SECONDS, wallHistory } from '../state/wall-history.ts';

interface Tile {
  readonly name: string;
  readonly context: CanvasRenderingContext2D;
  visible: boolean;
  /** What was drawn: the newest step, and more. Empty: draw again. */
  drawn: string;
}

/** Lines drawn per screen frame at most, so that the streams' steps do not add up to one long frame. */
const MAX_PER_FRAME = 16;

/** Draws the lines of all tiles in the page's one paint loop: those that are visible and have a new step. */
export class WallPainter {
  readonly #tiles = new Map<string, Tile>();
  readonly #byCanvas = new WeakMap<Element, Tile>();
  readonly #observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const tile = this.#byCanvas.get(target);
      if (tile !== undefined) tile.visible = isIntersecting;
    }
    requestPaint();
  });
  readonly #removePainter = addPainter((_, all) => this.#paint(all));

  /** Adds a tile. Returns a function that removes it. */
  add(name: string, canvas: HTMLCanvasElement): () => void {
    const tile = { name, context: canvas.getContext('2d')!, visible: false, drawn: '' };
    this.#tiles.set(name, tile);
    this.#byCanvas.set(canvas, tile);
    this.#observer.observe(canvas);
    return () => {
      this.#observer.unobserve(canvas);
      this.#tiles.delete(name);
    };
  }

  /** Draws a tile again, all of them without a name. */
  redraw(name?: string): void {
    for (const tile of this.#tiles.values()) if (name === undefined || tile.name === name) tile.drawn = '';
    requestPaint();
  }

  close(): void {
    this.#observer.disconnect();
    this.#removePainter();
  }

  #paint(all: boolean): boolean {
    let left = all ? Number.POSITIVE_INFINITY : MAX_PER_FRAME;
    for (const tile of this.#tiles.values()) {
      const record = records.get(tile.name);
      if (!tile.visible || record === undefined) continue;
      const { ring } = record;
      const missed = missedTimes(record);
      const { tile: past, filledTo } = wallHistory(tile.name, missed);
      const newest =
        ring.length > 0
          ? ring.x(ring.length - 1)
          : past !== null && past.length > 0
            ? past.x(past.length - 1)
            : 0;
      // What is loaded later has another length, or fills more: part of the key.
      const still = Math.min(secondsStill(record, newest), WALL_SECONDS);
      const key = `${newest} ${past?.length} ${filledTo} ${still}`;
      if (key === tile.drawn && !all) continue;
      if (left-- === 0) return true;
      tile.drawn = key;
      const to = newest + still;
      const range = { from: to - WALL_SECONDS, to };
      const parts = joinParts(past === null ? [] : [{ steps: past, ...range }], ring, range, 0);
      const loaded = missed.filter((one) => one.to <= filledTo);
      const filled = past === null ? parts : fillMissed(parts, past, loaded);
      const ahead = currentFrame(record) === null ? null : [];
      drawSparkline(tile.context, filled, range, palette.peek(), lineUnit(), ahead);
    }
    return false;
  }
}
