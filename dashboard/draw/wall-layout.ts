/** What the tiles of the wall display share. */
export interface WallSpace {
  /** Tiles. */
  readonly count: number;
  /** Of the display, px. */
  readonly width: number;
  readonly height: number;
  /** Size of the text where there is room for it, px. */
  readonly textPx: number;
  /** Width of the word for a mood that decides, in sizes of the text. */
  readonly wordEms: number;
  readonly tile: TileSizes;
}

/** Of a tile, in sizes of its text. */
export interface TileSizes {
  /** Between two tiles. */
  readonly gap: number;
  /** On each side. */
  readonly paddingX: number;
  readonly paddingY: number;
  /** Heights of one line. */
  readonly nameLine: number;
  readonly wordLine: number;
}

export interface WallLayout {
  readonly columns: number;
  readonly rows: number;
  /** Size of the text, px. */
  readonly textPx: number;
  /** There is room for the lanes, or for an alert in their place. */
  readonly lanes: boolean;
  /** There is room for names and alerts of two lines. */
  readonly twoLines: boolean;
}

/** Smaller text cannot be read across a room: the display scrolls instead. */
const SMALLEST_PX = 16;
/** Heights in sizes of the text: a name, a word and the lanes; names and alerts on two lines. */
const WITH_LANES = 3.4;
const LONG = 7;
/** Text that differs by less looks the same: the lanes decide. */
const SAME_TEXT = 0.95;

/**
 * The columns at which all tiles fit with the largest text: names and words come before lanes. Where several do, those
 * with lanes, then those that give the tiles about the shape of the display. Null where the text would be too small.
 */
export function wallLayout(space: WallSpace): WallLayout | null {
  const square = Math.ceil(Math.sqrt(space.count));
  const layouts = Array.from({ length: space.count }, (_, i) => layoutOf(space, i + 1));
  const largest = Math.max(...layouts.map(({ textPx }) => textPx));
  if (largest < SMALLEST_PX) return null;
  const [best] = layouts
    .filter(({ textPx }) => textPx >= SAME_TEXT * largest)
    .sort(
      (a, b) =>
        Number(b.lanes) - Number(a.lanes) || Math.abs(a.columns - square) - Math.abs(b.columns - square),
    );
  return best!;
}

function layoutOf(space: WallSpace, columns: number): WallLayout {
  const { count, width, height, textPx: wanted, wordEms, tile } = space;
  const rows = Math.ceil(count / columns);
  // Those of a tile, which grow with the page's text, in whole pixels.
  const borders = 2 * Math.max(1, Math.floor(wanted / 16));
  // Text, padding and the gap to the next tile grow together.
  const textPx = Math.min(
    wanted,
    (width / columns - borders) / (wordEms + 2 * tile.paddingX + tile.gap),
    (height / rows - borders) / (tile.nameLine + tile.wordLine + 2 * tile.paddingY + tile.gap),
  );
  const ems = (height / rows - borders) / textPx - 2 * tile.paddingY - tile.gap;
  return { columns, rows, textPx, lanes: ems >= WITH_LANES, twoLines: ems >= LONG };
}
