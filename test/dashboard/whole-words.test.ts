import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ACTIVITIES } from '../../src/frame-fields.ts';
import { MOODS } from '../../src/types.ts';
import { describeInBrowser, fitsWindow, WAIT } from './describe-in-browser.ts';
import { FakeServer } from './fake-server.ts';

/** As long as names may be, and two of the usual length. */
const NAMES = [
  'grosser-konzertsaal-im-zweiten-obergeschoss-neben-der-kueche-001',
  'booth',
  'room-2',
] as const;
const TITLE = 'Concerto grosso in D major for two violins and the rest of the string orchestra (remastered)';
const WIDTHS = [320, 390, 1440] as const;
/** Where words for a mood are large. */
const PLACES: readonly (readonly [hash: string, selector: string])[] = [
  ['#wall', '.wall-tile-word'],
  ['#wall&wall=1', '.wall-tile-word'],
  [`#stream=${NAMES[0]}`, '.mood-word'],
  [`#stream=${NAMES[0]}&wall=1`, '.mood-word'],
  [`#booth=${NAMES[0]},${NAMES[1]}`, '.deck-word'],
  [`#booth=${NAMES.join()}`, '.deck-word'],
];

/** Those of `words` that `selector` cuts, breaks, or lets reach over its place. */
const cutWords = (page: Page, selector: string, words: readonly string[]): Promise<string[]> =>
  page.evaluate<string[]>(`
    [...document.querySelectorAll('${selector}')].flatMap((element) => {
      const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
      const before = text.data;
      const heightOf = (word) => { text.data = word; return element.getBoundingClientRect().height; };
      const line = heightOf('A');
      const cut = ${JSON.stringify(words)}.filter((word) => {
        // Each word of several on a line of its own, at most.
        const broken = heightOf(word) > line * word.split(' ').length + 2;
        const over = element.getBoundingClientRect().right > innerWidth || element.scrollWidth > element.clientWidth + 1;
        return broken || over || document.documentElement.scrollWidth > innerWidth;
      });
      text.data = before;
      return cut;
    })`);

/** Set-up asks for more than the fake server knows. */
const UNKNOWN = /the server responded with a status of 404/;

describeInBrowser('words and names', { ignore: UNKNOWN }, (browser) => {
  let server: FakeServer;

  beforeAll(async () => {
    server = new FakeServer(NAMES);
    server.step(40);
    server.tracks = [
      {
        ...{ stream: NAMES[0], run: 1, title: TITLE, artist: null, seconds: 60, t: 0, moods: {}, speech: 0 },
        ...{ startedAt: new Date(Date.now() - 15_000).toISOString(), endedAt: null, loudness: -14 },
        ...{ valence: 0.2, arousal: 0.3, peakArousal: 0.4, valenceStart: 0.1, valenceEnd: 0.1 },
        ...{ arousalStart: 0.1, arousalEnd: 0.2 },
      },
    ];
    await server.start();
  });
  afterAll(() => server.stop());

  it.each(['de', 'es', 'fr', 'en'])('the words for moods fit in every place in %s', async (language) => {
    const file = new URL(`../../dashboard/locales/${language}.json`, import.meta.url);
    const messages = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
    const words = [...MOODS, ...ACTIVITIES, 'no data'].map((word) => messages[`mood.${word}`]!);
    const shown = words.map((word) => word[0]!.toUpperCase() + word.slice(1));
    const page = await browser.open(server.url, { locale: language });
    await page.locator('.picker-name').waitFor();
    for (const [hash, selector] of PLACES) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await page.locator(selector).first().waitFor();
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        // Charts follow the size of the window a little later.
        await vi.waitFor(
          async () => expect(await cutWords(page, selector, shown), `${hash} at ${width} px`).toEqual([]),
          WAIT,
        );
      }
    }
  });

  it.each(WIDTHS)('long names can be read in full at %i px, and make no page wider', async (width) => {
    const page = await browser.open(server.url, { viewport: { width, height: 800 } });
    await page.locator('.picker-name').waitFor();
    for (const hash of [
      '#wall',
      `#stream=${NAMES[0]}`,
      `#booth=${NAMES.join()}`,
      '#stations',
      '#setup',
      '#sessions',
    ]) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await page.locator('#content h2').first().waitFor({ state: 'attached' });
      await page.locator('#content:not([aria-busy])').waitFor();
      await fitsWindow(page);
    }
    for (const [hash, selector] of [
      ['#wall', '.wall-tile-name'],
      [`#stream=${NAMES[0]}`, '.picker-name'],
      [`#booth=${NAMES.join()}`, '.cut-name, .deck-stream'],
    ] as const) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      const name = page.locator(selector).filter({ hasText: NAMES[0] }).first();
      await name.waitFor();
      expect(await name.getAttribute('title')).toBe(NAMES[0]);
      // Two lines of it are there, in links and buttons that the keyboard reaches.
      const lines = await name.evaluate((element) => {
        const box = element as unknown as { clientHeight: number; tagName: string };
        return box.tagName === 'SELECT' ? 2 : box.clientHeight / 20;
      });
      expect(lines, hash).toBeGreaterThan(width < 1440 ? 1.5 : 0.9);
    }
  });

  it('names a long title under the pointer, which the chart has no room for', async () => {
    const page = await browser.open(`${server.url}#stream=${NAMES[0]}`);
    const plot = page.locator('.timeline-plot .u-over');
    const { width, height } = (await plot.boundingBox())!;
    await page.locator('.mood-word', { hasText: /\S/ }).waitFor();
    await plot.hover({ position: { x: width * 0.85, y: height / 2 } });
    await page.locator('.timeline-cursor').getByText(TITLE).waitFor();
  });
});
