import './header.css';
import type { ComponentChildren } from 'preact';
import { t } from '../state/i18n.ts';
import { nextTheme, theme } from '../state/theme.ts';
import { Brightness } from './brightness.tsx';

export interface HeaderProps {
  readonly title: ComponentChildren;
  readonly tagline: string;
  /** Beside the tagline, or in its place. */
  readonly middle?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** Title, `children`, and the theme toggle. Used by the dashboard and the API page. */
export function Header({ title, tagline, middle, children }: HeaderProps) {
  return (
    <header class="header">
      <h1 class="brand">{title}</h1>
      <div class="header-middle">
        <p class="tagline clamped" title={tagline}>
          {tagline}
        </p>
        {middle}
      </div>
      {children}
      <Brightness />
      <ThemeToggle />
    </header>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 28 20" aria-hidden="true">
      <path class="logo-wave" d="M2 10c4 0 4-7.5 8-7.5s4 7.5 8 7.5 4-7.5 8-7.5" />
      <path class="logo-line" d="M2 17.5h24" />
    </svg>
  );
}

function ThemeToggle() {
  const now = theme.value;
  const label = t(`theme.${now}`);
  return (
    <button
      type="button"
      class="button theme-toggle"
      onClick={nextTheme}
      aria-label={t('theme.name', { name: label })}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="2" />
        {now === 'auto' && <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />}
        {now === 'booth' && <circle cx="10" cy="10" r="3" fill="currentColor" />}
        {now === 'dark' && <circle cx="10" cy="10" r="7" fill="currentColor" />}
      </svg>
      <span class="theme-label">{label}</span>
    </button>
  );
}
