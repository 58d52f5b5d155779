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

/** Records sessions of what was received just now: `record(from, to)`, in seconds ago, gives the id. */
const RECORD = `
  const now = Date.now() / 1000;
  const post = async (path, body) =>
    (await (await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json());
  const record = async (from, to) =>
    (await post('/v1/sessions', { stream: 'booth', startedAt: now - from, stoppedAt: now - to })).id;
`;
const RECORD_ONE = `(async () => {${RECORD}
  const id = await record(20, 0.5);
  await post('/v1/sessions/' + id + '/markers', { note: 'Breathing slower', time: now - 8 });
  location.hash = '#session=' + id;
})()`;
const RECORD_TWO = `(async () => {${RECORD}
  location.hash = '#compare=' + [await record(20, 10), await record(10, 0.5)].join();
})()`;

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
    name: 'session',
    hash: '#sessions',
    ready: '.sessions-page',
    prepare: async (page) => {
      await page.evaluate(RECORD_ONE);
      await page.locator('.session-page canvas').first().waitFor();
    },
  },
  {
    name: 'compare',
    hash: '#sessions',
    ready: '.sessions-page',
    prepare: async (page) => {
      await page.evaluate(RECORD_TWO);
      await page.locator('.compare-page .lane').first().waitFor();
    },
  },
  {
    name: 'try',
    hash: '#try=demo',
    ready: '.try-page',
    prepare: (page) => page.locator('.try-result').waitFor({ timeout: 120_000 }),
  },
  { name: 'setup', hash: '#setup', ready: '.setup-list' },
  { name: 'setup-stream', hash: '#setup=booth', ready: '.setup-form' },
];

/** Views of a server without streams. */
export const EMPTY_VIEWS: readonly PageView[] = [{ name: 'empty', hash: '', ready: '.empty-page' }];

export const THEMES = ['light', 'dark', 'booth'] as const;
export const WIDTHS = [
  { width: 320, height: 568 },
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
  { width: 2560, height: 1440 },
  { width: 3840, height: 2160 },
] as const;
