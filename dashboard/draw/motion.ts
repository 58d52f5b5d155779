import { signal } from '@preact/signals';

const query = matchMedia('(prefers-reduced-motion: reduce)');

/** The system asks for less motion: points jump to where they belong. */
export const reducedMotion = signal(query.matches);
query.addEventListener('change', () => {
  reducedMotion.value = query.matches;
});
