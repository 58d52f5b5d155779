import { computed } from '@preact/signals';
import { shownTheme } from '../state/theme.ts';

/** The colours that canvases need, from the same custom properties as the style sheets. */
const NAMES = ['ink', 'muted', 'line', 'grid', 'surface', 'valence', 'arousal', 'accent', 'rest'] as const;
export type Palette = Readonly<Record<(typeof NAMES)[number], string>>;

/** Resolved for the theme that is shown; a probe element turns `light-dark()` into a plain colour. */
export const palette = computed<Palette>(() => {
  shownTheme.value;
  const probe = document.createElement('i');
  probe.hidden = true;
  document.body.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(NAMES.map((name) => [name, read(name)])) as Palette;
  probe.remove();
  return colours;
});
