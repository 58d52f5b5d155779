import type { Page } from 'playwright-core';

/** A view of the dashboard, and how to tell that it shows something. */
export interface PageView {
  readonly name: string;
  readonly hash: string;
  /** What is there once it has its first value. */
  readonly ready: string;
  /** Brings it into the state worth showing. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export const VIEWS: readonly PageView[] = [
  { name: 'live', hash: '#stream=booth', ready: '.readout dd[data-unknown=false]' },
  {
    name: 'live-spectrogram',
    hash: '#stream=booth',
    ready: '.readout dd[data-unknown=false]',
    prepare: async (page) => {
      await page.locator('.spectrogram > button').click();
      await page.locator('.spectrogram-canvas').waitFor();
    },
  },
  { name: 'live-display', hash: '#stream=booth&wall=1', ready: '.mood-word[data-inactive=false]' },
  { name: 'wall', hash: '#wall', ready: '.wall-tile-word[data-inactive=false]' },
  { name: 'wall-display', hash: '#wall&wall=1', ready: '.wall-tile-word[data-inactive=false]' },
  { name: 'booth', hash: '#booth', ready: '.deck-word[data-inactive=false]' },
  { name: 'stations', hash: '#stations=radio', ready: '.heat' },
  { name: 'report', hash: '#report=radio', ready: '.report-page .lane' },
  { name: 'sessions', hash: '#sessions', ready: '.sessions-page' },
  {
    name: 'try',
    hash: '#try=demo',
    ready: '.try-page',
    prepare: (page) => page.locator('.try-result').waitFor({ timeout: 120_000 }),
  },
  { name: 'setup', hash: '#setup', ready: '.setup-list' },
  { name: 'setup-stream', hash: '#setup=booth', ready: '.setup-form' },
];

export const THEMES = ['light', 'dark', 'booth'] as const;
export const WIDTHS = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
  { width: 2560, height: 1440 },
] as const;
