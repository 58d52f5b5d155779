import { computed, effect, signal } from '@preact/signals';
import { store, stored } from './storage.ts';

/** `auto` follows the system; `booth` is black, amber and red, for dark rooms, and can be dimmed. */
export type Theme = 'auto' | 'light' | 'dark' | 'booth';
const THEMES: readonly Theme[] = ['auto', 'light', 'dark', 'booth'];
const KEY = 'undertone.theme';
const BRIGHTNESS_KEY = 'undertone.brightness';
/** Least brightness of the booth theme: a darker page could not be made brighter again. */
export const MIN_BRIGHTNESS = 0.2;

const systemDark = mediaQuery('(prefers-color-scheme: dark)');
/** The page is being printed: light, for paper. */
const printing = mediaQuery('print');
// The styles of paper apply after the last moment at which canvases can be drawn for it. Captured, so before that.
for (const event of ['beforeprint', 'afterprint'])
  addEventListener(
    event,
    () => {
      printing.value = event === 'beforeprint';
    },
    { capture: true },
  );
/** The system asks for less motion: points jump instead of gliding. */
export const reducedMotion = mediaQuery('(prefers-reduced-motion: reduce)');

export const theme = signal(storedTheme());
/** Brightness of the booth theme, MIN_BRIGHTNESS … 1. */
export const brightness = signal(storedBrightness());
/** The theme in use, with `auto` resolved. */
export const activeTheme = computed(() =>
  printing.value ? 'light' : theme.value === 'auto' ? (systemDark.value ? 'dark' : 'light') : theme.value,
);

effect(() => {
  // Set before anything reads a color: the style sheets depend on this attribute.
  document.documentElement.setAttribute('data-theme', printing.value ? 'light' : theme.value);
});
effect(() => store(KEY, theme.value));
effect(() => {
  document.documentElement.style.setProperty('--brightness', String(brightness.value));
  store(BRIGHTNESS_KEY, String(brightness.value));
});

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]!;
}

/** Makes the booth theme brighter by `by`, or darker if it is negative. */
export function changeBrightness(by: number): void {
  brightness.value = Math.max(MIN_BRIGHTNESS, Math.min(1, brightness.value + by));
}

function storedTheme(): Theme {
  const name = stored(KEY);
  return THEMES.find((known) => known === name) ?? 'auto';
}

function storedBrightness(): number {
  const value = Number(stored(BRIGHTNESS_KEY));
  return value >= MIN_BRIGHTNESS && value <= 1 ? value : 1;
}

/** Whether a media query matches, as a signal. */
function mediaQuery(text: string) {
  const query = matchMedia(text);
  const matches = signal(query.matches);
  query.addEventListener('change', () => {
    matches.value = query.matches;
  });
  return matches;
}
