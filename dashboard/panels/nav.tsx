import './nav.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { language, type MessageKey, t } from '../state/i18n.ts';
import { chooseLanguage, LANGUAGES, type Language } from '../state/language.ts';
import { shortcutsOn } from '../state/shortcuts.ts';
import {
  boothHref,
  liveHref,
  SESSIONS_HREF,
  SETUP_HREF,
  STATIONS_HREF,
  TRY_HREF,
  type View,
  view,
  WALL_HREF,
} from '../state/view.ts';
import { useCloseOutside } from './use-close-outside.ts';

interface Link {
  /** Pages that the link stands for. */
  readonly pages: readonly View['page'][];
  readonly href: () => string;
  readonly label: MessageKey;
  /** Pressed after G. */
  readonly key: string;
}

export const LINKS: readonly Link[] = [
  { pages: ['live'], href: liveHref, label: 'nav.live', key: 'l' },
  { pages: ['wall'], href: () => WALL_HREF, label: 'nav.wall', key: 'w' },
  { pages: ['booth'], href: () => boothHref([]), label: 'nav.booth', key: 'b' },
  { pages: ['stations', 'report'], href: () => STATIONS_HREF, label: 'nav.stations', key: 'r' },
  { pages: ['sessions', 'session', 'compare'], href: () => SESSIONS_HREF, label: 'nav.sessions', key: 's' },
  { pages: ['try'], href: () => TRY_HREF, label: 'nav.try', key: 't' },
  { pages: ['setup'], href: () => SETUP_HREF, label: 'nav.setup', key: 'u' },
];

/** Time for the second key. */
const SEQUENCE_MS = 1_500;

/** Links to all views and the choice of language: a row, or on a narrow screen a menu. */
export function Nav() {
  const open = useSignal(false);
  const root = useRef<HTMLElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const shown = view.value.page;
  useGoKeys();
  useEffect(() => {
    open.value = false;
  }, [view.value]);
  useCloseOutside(root, open);
  const current = LINKS.find(({ pages }) => pages.includes(shown));
  return (
    <nav
      class="nav"
      aria-label={t('nav.label')}
      ref={root}
      data-open={open.value}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open.value) return;
        open.value = false;
        button.current?.focus();
      }}
    >
      <button
        type="button"
        class="button nav-menu"
        ref={button}
        aria-expanded={open.value}
        aria-controls="nav-links"
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <svg viewBox="0 0 16 12" aria-hidden="true">
          <path d="M1 1.5h14M1 6h14M1 10.5h14" stroke="currentColor" stroke-width="2" />
        </svg>
        <span class="visually-hidden">{t('nav.menu')}: </span>
        <span class="nav-menu-page">{current === undefined ? t('nav.menu') : t(current.label)}</span>
      </button>
      <div class="nav-links" id="nav-links">
        {LINKS.map(({ pages, href, label }) => (
          <a
            key={label}
            href={href()}
            aria-current={pages.includes(shown) ? 'page' : undefined}
            onClick={() => {
              open.value = false;
            }}
          >
            {t(label)}
          </a>
        ))}
        <LanguageChoice />
      </div>
    </nav>
  );
}

export function LanguageChoice() {
  return (
    <select
      class="text-input nav-language"
      aria-label={t('nav.language')}
      value={language()}
      onChange={(event) => void chooseLanguage(event.currentTarget.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** G and then a letter opens a view, from everywhere but text fields. */
function useGoKeys(): void {
  useEffect(() => {
    let until = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      const pending = performance.now() < until;
      until = 0;
      if (!shortcutsOn.peek() || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const target = event.target as Element | null;
      if (target?.closest('input, textarea, select, [contenteditable], dialog')) return;
      const key = event.key.toLowerCase();
      if (!pending) {
        if (key === 'g') until = performance.now() + SEQUENCE_MS;
        return;
      }
      const link = LINKS.find((one) => one.key === key);
      if (link === undefined) return;
      event.preventDefault(); // The letter alone may be a shortcut of the page.
      location.hash = link.href();
    };
    document.addEventListener('keydown', onKeyDown, { capture: true });
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
