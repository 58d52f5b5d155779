import { computed, effect, signal } from '@preact/signals';

/** `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const KEY = 'undertone.theme';

const systemDark = mediaQuery('(prefers-color-scheme: dark)');
/** The page is being printed: light, for paper. */
export const printing = mediaQuery('print');
/** The system asks for less motion: points jump instead of gliding. */
export const reducedMotion = mediaQuery('(prefers-reduced-motion: reduce)');

export const theme = signal<Theme>(storedTheme());
/** The theme in use, with `auto` resolved. */
export const activeTheme = computed(() =>
  printing.value ? 'light' : theme.value === 'auto' ? (systemDark.value ? 'dark' : 'light') : theme.value,
);

effect(() => {
  // Set before anything reads a color: the style sheets depend on this attribute.
  document.documentElement.setAttribute('data-theme', theme.value);
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // Storage is blocked: the choice is lost on reload.
  }
});

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]!;
}

function storedTheme(): Theme {
  try {
    return THEMES.find((known) => known === localStorage.getItem(KEY)) ?? 'auto';
  } catch {
    return 'auto';
  }
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
