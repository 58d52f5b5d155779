import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type WallLayout, type WallSpace, wallLayout } from '../draw/wall-layout.ts';
import { wallMode } from '../state/display.ts';
import { moodLetters } from '../state/mood-letters.ts';
import type { WallPainter } from './wall-painter.ts';
import { WallTile } from './wall-tile.tsx';

/** Off the wall display, which has no other limit, more tiles than this leave one line for a name. */
const MANY = 24;

export interface WallTilesProps {
  readonly names: readonly string[];
  readonly painter: WallPainter;
}

/** All streams as tiles: on a page that scrolls about as many columns as rows, on the wall display as many as fit. */
export function WallTiles({ names, painter }: WallTilesProps) {
  const list = useRef<HTMLUListElement>(null);
  const layout = useSignal<WallLayout | null>(null);
  const count = names.length;
  const arrange = () => {
    layout.value = wallMode.peek() && count > 0 ? wallLayout(spaceOf(list.current!, count)) : null;
  };
  useLayoutEffect(() => {
    arrange();
    const observer = new ResizeObserver(arrange);
    observer.observe(list.current!);
    return () => observer.disconnect();
  }, [count, wallMode.value]);
  const fitted = layout.value;
  return (
    <ul
      ref={list}
      class="wall-tiles"
      data-fitted={fitted !== null}
      data-lanes={fitted?.lanes ?? true}
      data-many={fitted === null ? count > MANY : !fitted.twoLines}
      style={
        fitted === null
          ? { '--columns': Math.max(1, Math.ceil(Math.sqrt(count))) }
          : {
              '--columns': fitted.columns,
              '--rows': fitted.rows,
              '--text': `${fitted.textPx}px`,
              '--most-letters': mostLetters(),
            }
      }
    >
      {names.map((name) => (
        <li key={name} data-stream={name}>
          <WallTile name={name} painter={painter} />
        </li>
      ))}
    </ul>
  );
}

/** Most words for moods have no more letters than this; a longer one does not decide for all tiles. */
const MOST_LETTERS = 10;
const mostLetters = (): number => Math.min(MOST_LETTERS, moodLetters().word);

function spaceOf(list: HTMLElement, count: number): WallSpace {
  const root = getComputedStyle(document.documentElement);
  const ems = (name: string) => Number(root.getPropertyValue(`--${name}`));
  return {
    count,
    width: list.clientWidth,
    height: list.clientHeight,
    textPx: Number.parseFloat(root.fontSize),
    wordEms: mostLetters() * ems('letter'),
    tile: {
      gap: ems('tile-gap'),
      paddingX: ems('tile-padding-x'),
      paddingY: ems('tile-padding-y'),
      nameLine: ems('tile-name-line'),
      wordLine: ems('tile-word-line'),
    },
  };
}
