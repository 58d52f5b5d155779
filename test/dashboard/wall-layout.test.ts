import { afterEach, describe, expect, it, vi } from 'vitest';
import { wallLayout } from '../../dashboard/draw/wall-layout.ts';
import { describeInBrowser, WAIT } from './describe-in-browser.ts';
import { FakeServer } from './fake-server.ts';

/** Screens on walls. */
const SCREENS = [
  [1280, 720],
  [1440, 900],
  [1920, 1080],
  [2560, 1440],
  [3840, 2160],
] as const;
/** The room for tiles on these, and 1rem of the page. */
const DISPLAYS = [
  { width: 1252, height: 692, textPx: 28 },
  { width: 1412, height: 872, textPx: 28 },
  { width: 1891, height: 1051, textPx: 28.8 },
  { width: 2522, height: 1402, textPx: 38.4 },
  { width: 3782, height: 2102, textPx: 57.6 },
];
const tile = { gap: 0.125, paddingX: 0.25, paddingY: 0.125, nameLine: 1.125, wordLine: 1.15 };
const TEXTS = { wordEms: 9 * 0.57, tile };

describe('the layout of the wall display', () => {
  it.each(DISPLAYS)('has room for 1 to 64 tiles on $width × $height px', (display) => {
    for (let count = 1; count <= 64; count++) {
      const { columns, rows, textPx } = wallLayout({ ...display, count, ...TEXTS })!;
      expect(columns * rows, `${count}`).toBeGreaterThanOrEqual(count);
      expect(columns * (rows - 1), `${count}`).toBeLessThan(count);
      expect(columns * (TEXTS.wordEms + 0.5) * textPx, `${count}`).toBeLessThanOrEqual(display.width);
      expect(rows * 2.3 * textPx, `${count}`).toBeLessThanOrEqual(display.height);
      expect(textPx, `${count}`).toBeGreaterThanOrEqual(24);
    }
  });

  it('gives up lanes before it makes names and words smaller', () => {
    const at = (index: number, count: number) => wallLayout({ ...DISPLAYS[index]!, count, ...TEXTS })!;
    expect(at(0, 36)).toMatchObject({ columns: 6, textPx: 28, lanes: true });
    expect(at(0, 49)).toMatchObject({ columns: 7, textPx: 28, lanes: false });
    expect(at(1, 64)).toMatchObject({ columns: 8, textPx: 28, lanes: true });
    expect(at(2, 9)).toMatchObject({ columns: 3, rows: 3, twoLines: true });
  });

  it('leaves a display that is too small for all tiles to scrolling', () => {
    expect(wallLayout({ width: 360, height: 600, textPx: 28, count: 64, ...TEXTS })).toBeNull();
  });
});

/** The fake server answers not all that the page asks for. */
describeInBrowser('the wall display', { ignore: /./ }, (browser) => {
  let server: FakeServer;
  afterEach(() => server.stop());

  it('has short words for why a radio is silent on its tile, with the whole sentence as its title', async () => {
    server = new FakeServer(['radio']);
    await server.start();
    const page = await browser.open(`${server.url}#wall`);
    await page.locator('.wall-tile').waitFor();
    const message = 'http://radio.example/live answered 404 Not Found: expected an audio file.';
    const at = { stream: 'radio', t: 1, time: server.time };
    server.event({ type: 'source-lost', ...at, message, code: 'http-status', values: { status: 404 } });
    const note = page.locator('.wall-tile-note');
    await note.getByText('The server answered 404 instead of sending audio.', { exact: true }).waitFor();
    expect(await note.getAttribute('title')).toBe(message);
  });

  it.each([
    [390, 5],
    [320, 5],
    [390, 40],
  ])(
    'shows both ends of names on the wall display of a phone %i px wide, with %i tiles',
    async (width, count) => {
      const names = ['studio-north-left', 'studio-north-right', 'studio-south-left-of-the-long-door'];
      server = new FakeServer([
        ...names,
        ...Array.from({ length: count - names.length }, (_, i) => `s-${i}`),
      ]);
      server.step(20);
      await server.start();
      const page = await browser.open(`${server.url}#wall&wall=1`, { viewport: { width, height: 844 } });
      await vi.waitFor(async () => expect(await page.locator('.wall-tile').count()).toBe(count), WAIT);
      /** Letters of the ends of names that are not shown, and names that are cut. */
      const [hidden, cut] = await page.evaluate<[string[], string[]]>(`(() => {
      const all = [...document.querySelectorAll('.wall-tile-name')];
      const boxOf = (node, from, to) => {
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(node, to);
        return range.getBoundingClientRect();
      };
      const shows = (part, box) => {
        const { left, right } = part.getBoundingClientRect();
        return box.left >= left - 1 && box.right <= right + 1;
      };
      const hidden = all.filter((name) => {
        const [start, end] = [name.querySelector('.wall-tile-start'), name.querySelector('.wall-tile-end')];
        const [first, last] = [start.firstChild, end.querySelector('bdi').firstChild];
        return !shows(start, boxOf(first, 0, Math.min(3, first.length))) ||
          !shows(end, boxOf(last, Math.max(0, last.length - 4), last.length));
      });
      const isCut = ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1;
      const cut = all.filter((name) => [...name.querySelectorAll('[aria-hidden]')].some(isCut));
      return [hidden, cut].map((some) => some.map((name) => name.title));
    })()`);
      expect(hidden).toEqual([]);
      if (count < 10) expect(cut.filter((name) => name.length < 20)).toEqual([]);
      await page.getByRole('link', { name: /^studio-north-right / }).waitFor();
    },
  );

  it.each([13, 64])(
    'shows all of %i tiles on every wall display, with their names and words',
    async (count) => {
      server = new FakeServer(
        Array.from({ length: count }, (_, i) => `${i % 3 === 0 ? 'concert-hall-' : 's-'}${i}`),
      );
      server.step(20);
      await server.start();
      const page = await browser.open(`${server.url}#wall&wall=1`);
      await vi.waitFor(async () => expect(await page.locator('.wall-tile').count()).toBe(count), WAIT);
      server.event({
        ...{ type: 'alert-raised', stream: 's-1', alert: 'quiet', t: 1, time: server.time },
        message: 'Too quiet for 20 s.',
      });
      await page.locator('.wall-tile[data-alert=true]').waitFor();
      server.event({
        ...{ type: 'source-lost', stream: 's-2', t: 1, time: server.time, message: 'Gone: 404.' },
        ...{ code: 'http-status', values: { status: 404 } },
      });
      await page.locator('.wall-tile[data-down=true]').waitFor();
      /** What is outside of the display or of its tile, or is not shown. */
      const cut = `[...document.querySelectorAll('.wall-tile')].flatMap((tile) => {
      const frame = tile.getBoundingClientRect();
      const parts = [...tile.querySelectorAll('.wall-tile-name, .wall-tile-note')]
        .filter((part) => part.matches('.wall-tile-name') || tile.dataset.alert === 'true' ||
          (tile.dataset.down === 'true' && tile.closest('[data-lanes=true]') !== null));
      const word = tile.querySelector('.wall-tile-word');
      if (tile.dataset.alert !== 'true') parts.push(word);
      const inside = (box, outer) => box.height > 0 && box.top >= outer.top && box.bottom <= outer.bottom;
      const good = inside(frame, { top: 0, bottom: innerHeight })
        && frame.right <= innerWidth
        && parts.every((part) => inside(part.getBoundingClientRect(), frame))
        && word.scrollWidth <= word.clientWidth + 1;
      return good ? [] : [tile.textContent];
    })`;
      for (const [width, height] of SCREENS) {
        await page.setViewportSize({ width, height });
        await vi.waitFor(
          async () => expect(await page.evaluate(cut), `${width} × ${height}`).toEqual([]),
          WAIT,
        );
        expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(height);
      }
    },
  );
});
