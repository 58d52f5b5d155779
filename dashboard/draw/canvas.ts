import { computed } from '@preact/signals';
import { addSizer } from '../state/paint-loop.ts';
import { activeTheme } from '../state/theme.ts';

/** Custom properties of the style sheets that canvases use. */
const COLORS = [
  'ink',
  'muted',
  'line',
  'line-strong',
  'grid',
  'lane',
  'track',
  'surface',
  'valence',
  'arousal',
  'valence-text',
  'arousal-text',
  'accent',
  'inactive',
  'mood-happy',
  'mood-excited',
  'mood-energetic',
  'mood-tense',
  'mood-gloomy',
  'mood-sad',
  'mood-subdued',
  'mood-calm',
  'mood-neutral',
  'mood-uncertain',
] as const;
export type Palette = Readonly<Record<(typeof COLORS)[number], string>>;

/** The colors of the active theme. A probe element resolves `light-dark()` to a plain color. */
export const palette = computed<Palette>(() => {
  activeTheme.value;
  const probe = document.createElement('i');
  probe.hidden = true;
  document.body.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colors = Object.fromEntries(COLORS.map((name) => [name, read(name)])) as Palette;
  probe.remove();
  return colors;
});

let known = { key: '', scale: 1 };

/** How much larger than on a usual screen the page's text is: lines grow with it, on large screens and wall displays. */
function textScale(): number {
  const root = document.documentElement;
  const key = `${innerWidth} ${innerHeight} ${root.hasAttribute('data-wall')}`;
  if (key !== known.key)
    known = { key, scale: Math.max(1, Number.parseFloat(getComputedStyle(root).fontSize) / 16) };
  return known.scale;
}

/** A CSS pixel of a usual screen in canvas pixels: for widths of lines. */
export const lineUnit = (): number => devicePixelRatio * textScale();

/**
 * Keeps one canvas pixel per screen pixel at any size and zoom, and calls `onResize` after each change.
 * Returns a function that stops it.
 */
export function fitCanvas(canvas: HTMLCanvasElement, onResize: () => void): () => void {
  const resize = () => {
    const ratio = devicePixelRatio;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    onResize();
  };
  const observer = new ResizeObserver(resize);
  observer.observe(canvas);
  const removeSizer = addSizer(resize);
  return () => {
    observer.disconnect();
    removeSizer();
  };
}
