import { computed, effect, signal } from '@preact/signals';

/** `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const KEY = 'undertone.theme';

const systemDark = matchMedia('(prefers-color-scheme: dark)');
const system = signal<'light' | 'dark'>(systemDark.matches ? 'dark' : 'light');
systemDark.addEventListener('change', () => {
  system.value = systemDark.matches ? 'dark' : 'light';
});

export const theme = signal<Theme>(remembered());
export const shownTheme = computed(() => (theme.value === 'auto' ? system.value : theme.value));

effect(() => {
  // Set before anything reads a colour: the style sheets hang on this attribute.
  document.documentElement.setAttribute('data-theme', theme.value);
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // A browser that forbids storage forgets the choice, nothing else.
  }
});

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]!;
}

function remembered(): Theme {
  try {
    return THEMES.find((known) => known === localStorage.getItem(KEY)) ?? 'auto';
  } catch {
    return 'auto';
  }
}
