import './theme-toggle.css';
import { nextTheme, type Theme, theme } from '../state/theme.ts';

const LABEL: Readonly<Record<Theme, string>> = { auto: 'Auto', light: 'Light', dark: 'Dark' };

export function ThemeToggle() {
  const now = theme.value;
  return (
    <button
      type="button"
      class="button theme-toggle"
      onClick={nextTheme}
      aria-label={`Colours: ${LABEL[now]}`}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="2" />
        {now === 'auto' && <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />}
        {now === 'dark' && <circle cx="10" cy="10" r="7" fill="currentColor" />}
      </svg>
      <span class="theme-word">{LABEL[now]}</span>
    </button>
  );
}
