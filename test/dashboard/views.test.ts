import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from './axe.ts';
import { describeInBrowser, fitsWindow, OBSERVE_SHIFTS, WAIT } from './describe-in-browser.ts';
import { SILENT } from './fake-frame.ts';
import { FakeServer } from './fake-server.ts';

/** How much of an element's canvas is not empty, 0 … 1. */
const filled = (selector: string) => `(() => {
  const canvas = document.querySelector('${selector}');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let full = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 0) full++;
  return (4 * full) / data.length;
})()`;

describeInBrowser('views in a browser', { ignore: /./, init: OBSERVE_SHIFTS }, (browser) => {
  let server: FakeServer;
  let page: Page;

  beforeEach(() => {
    server = new FakeServer(['booth', 'deck-b', 'radio']);
  });
  afterEach(async () => {
    await server.stop();
  });

  async function open(hash: string, options: BrowserContextOptions = {}): Promise<void> {
    await server.start();
    page = await browser.open(`${server.url}${hash}`, options);
    page.setDefaultTimeout(60_000); // The machine may be busy.
    await page.locator('.connection[data-state=open]').waitFor({ state: 'attached' });
    await vi.waitFor(() => expect(server.clients).toBe(1), WAIT);
  }
  const inPage = <T>(expression: string) => page.evaluate<T>(expression);
  const resolutions = () =>
    new Set(server.emotionQueries.map((query) => new URLSearchParams(query).get('resolution') ?? 'step'));

  describe('the chart', () => {
    const rangeText = () => page.locator('.timeline-range span').innerText();

    it('scrolls back by drag and keys, and returns to live', async () => {
      server.addPast('booth', 3600);
      server.step(40);
      await open('#stream=booth');
      const plot = page.locator('.timeline-plot');
      const box = (await plot.boundingBox())!;
      await page.mouse.move(box.x + 400, box.y + 80);
      await page.mouse.down();
      await page.mouse.move(box.x + 900, box.y + 90, { steps: 5 });
      await page.mouse.up();
      const dragged = await rangeText();
      expect(dragged).toMatch(/\d\d:\d\d:\d\d to (.*, )?\d\d:\d\d:\d\d/); // Two days around midnight.
      await plot.focus();
      await page.keyboard.press('ArrowLeft');
      expect(await rangeText()).not.toBe(dragged);
      // The minutes before the page's own steps come from the log.
      await vi.waitFor(() => expect(resolutions()).toContain('step'), WAIT);
      await page.keyboard.press('End');
      await vi.waitFor(async () => expect(await page.locator('.timeline-range').count()).toBe(0), WAIT);
      await page.keyboard.press('Space'); // Pauses.
      const paused = await rangeText();
      server.step(4);
      await page.waitForTimeout(200);
      expect(await rangeText()).toBe(paused);
      await page.keyboard.press('Home');
      await page.getByRole('button', { name: 'Back to live' }).click();
      expect(await page.locator('.timeline-range').count()).toBe(0);
      expect(await inPage<number>('shifts')).toBeLessThan(0.001);
    });

    it('zooms by wheel and keys, with means of the log for long times', async () => {
      server.addPast('booth', 4 * 3600);
      server.step(40);
      await open('#stream=booth');
      const checked = () => page.locator('.window-choice :checked').count();
      expect(await checked()).toBe(1);
      const plot = page.locator('.timeline-plot');
      await plot.hover();
      await page.mouse.wheel(0, 200);
      await vi.waitFor(async () => expect(await checked()).toBe(0), WAIT);
      await plot.focus();
      await page.keyboard.press('+');
      for (let i = 0; i < 10; i++) await page.keyboard.press('-');
      await vi.waitFor(() => expect(resolutions()).toContain('10s'), WAIT);
      await page.getByText('2 h', { exact: true }).click();
      expect(await checked()).toBe(1);
      await vi.waitFor(() => expect(resolutions()).toContain('10m'), WAIT); // Of the overview.
    });

    it('has its values as a table, with moods and activities', async () => {
      server.step(160);
      await open('#stream=booth');
      const rows = page.locator('.timeline-table tbody tr');
      // It has what is there when it is opened: steps of the log may come later.
      await vi.waitFor(async () => {
        await page.getByRole('button', { name: 'Table', exact: true }).click();
        const count = await rows.count();
        if (count <= 20) await page.getByRole('button', { name: 'Close table' }).click();
        expect(count).toBeGreaterThan(20);
      }, WAIT);
      expect(await rows.first().innerText()).toMatch(/^\d\d:\d\d:\d\d\s+–\s+–\s+Silence$/);
      await page.getByRole('button', { name: 'Close table' }).click();
      expect(await rows.count()).toBe(0);
    });

    it('marks where titles begin', async () => {
      server.step(100);
      const startedAt = new Date(Date.parse(server.time) - 20_000).toISOString();
      server.tracks = [
        { title: 'Blue', artist: 'A', startedAt, endedAt: null, seconds: 20, valence: 0, arousal: 0 },
      ];
      server.streams[0]!.source = 'https://radio.example/stream';
      await open('#stream=booth');
      const asked = () => server.trackQueries;
      await vi.waitFor(() => expect(asked()).toBe(1), WAIT);
    });
  });

  it('shows where the music is moving beside its mood, and the engine in the status', async () => {
    server.step(60);
    await open('#stream=booth');
    server.step();
    await page
      .locator('.mood-tendency[data-tendency]')
      .getByText(/ing|steady/)
      .waitFor();
    expect(await page.locator('.readouts').innerText()).not.toContain('Latency');
    await page.locator('.connection-button').click();
    const status = page.locator('#server-status');
    expect(await status.innerText()).toMatch(/Engine\s+cpu/);
    expect(await status.innerText()).toMatch(/Latency\s+\d/);
    await page.keyboard.press('Escape');
    await status.waitFor({ state: 'hidden' });
  });

  describe('the wall', () => {
    it('shows every stream with its word and lines, and opens one by Enter', async () => {
      // This computer's clock is two hours ahead: the log is asked by that of the server.
      server = new FakeServer(['booth', 'deck-b', 'radio'], Date.now() - 7_200_000);
      server.hasClock = true;
      server.addPast('radio', 300);
      server.step(40);
      await open('#wall');
      server.step();
      const tile = page.locator('.wall-tile', { hasText: 'radio' });
      await vi.waitFor(
        async () => expect(await inPage<number>(filled('.wall-tile-lines'))).toBeGreaterThan(0.5),
        WAIT,
      );
      await vi.waitFor(() => expect(resolutions()).toContain('10s'), WAIT);
      const asked = server.emotionQueries.find((query) => query.includes('resolution=10s'));
      expect(new URLSearchParams(asked).get('from')! < server.time).toBe(true);
      const mood = server.streams[2]!.log.at(-1)!.frame.mood!;
      await vi.waitFor(async () => expect((await tile.innerText()).toLowerCase()).toContain(mood), WAIT);
      expect(await page.title()).toBe('All streams – undertone');
      server.event({
        ...{ type: 'alert-raised', stream: 'radio', alert: 'quiet', t: 1, time: server.time },
        message: 'Too quiet.',
      });
      await page.locator('.wall-tile[data-alert=true]', { hasText: 'Too quiet.' }).waitFor();
      await page.getByRole('link', { name: /^radio .* Alert: Too quiet\.$/ }).waitFor();
      expect(await inPage<number>('shifts')).toBeLessThan(0.001);
      await tile.focus();
      await page.keyboard.press('Enter');
      await vi.waitFor(() => expect(page.url()).toContain('#stream=radio'), WAIT);
    });

    it('fills from the log what it missed without a connection, with one request for each stream', async () => {
      server.step(40);
      await open('#wall');
      await inPage(`(() => {
        globalThis.lines = {};
        const { clearRect, moveTo } = CanvasRenderingContext2D.prototype;
        const nameOf = ({ canvas }) => canvas.closest('li').dataset.stream;
        CanvasRenderingContext2D.prototype.clearRect = function (...args) {
          globalThis.lines[nameOf(this)] = 0;
          return clearRect.apply(this, args);
        };
        CanvasRenderingContext2D.prototype.moveTo = function (...args) {
          globalThis.lines[nameOf(this)]++;
          return moveTo.apply(this, args);
        };
      })()`);
      server.step();
      const loaded = () => server.emotionQueries.filter((query) => query.includes('resolution=10s')).length;
      await vi.waitFor(() => expect(loaded()).toBe(3), WAIT);
      await server.stop();
      server.step(60);
      await server.start();
      await vi.waitFor(() => expect(server.clients).toBe(1), WAIT);
      server.step(2);
      // The chosen stream gets its steps; the others are asked for ten seconds after the first request.
      await vi.waitFor(() => expect(loaded()).toBe(5), { ...WAIT, timeout: 60_000 });
      await inPage('lines = {}'); // Those from before the loss were whole as well.
      server.step();
      // In each of the two lanes that at 0 and one other: no hole.
      const whole = { booth: 4, 'deck-b': 4, radio: 4 };
      await vi.waitFor(async () => expect(await inPage('lines')).toEqual(whole), WAIT);
      expect(loaded()).toBe(5);
    });

    it('fits 64 streams on a wall display with labels of 28 px, and leaves it by Escape', async () => {
      server = new FakeServer(Array.from({ length: 64 }, (_, i) => `s-${i}`));
      server.step(20);
      await open('#wall&wall=1', { viewport: { width: 1920, height: 1080 } });
      await vi.waitFor(async () => expect(await page.locator('.wall-tile').count()).toBe(64), WAIT);
      server.step();
      expect(await inPage('document.documentElement.scrollHeight')).toBeLessThanOrEqual(1080);
      const smallest = `Math.min(...[...document.querySelectorAll('.wall-tile-name, .wall-tile-word')]
        .map((one) => parseFloat(getComputedStyle(one).fontSize)))`;
      expect(await inPage<number>(smallest)).toBeGreaterThanOrEqual(28);
      expect(await page.locator('.header').isVisible()).toBe(false);
      await page.keyboard.press('Escape');
      await page.locator('.header').waitFor();
      expect(page.url()).toMatch(/#wall$/);
    });

    it('has the values as a table', async () => {
      server.step(20);
      await open('#wall');
      await page.getByRole('button', { name: 'Table' }).click();
      expect(await page.locator('.wall-table tbody tr').count()).toBe(3);
      expect(await page.locator('.wall-table tbody tr').first().innerText()).toMatch(/booth\s+\w+\s+[+−]?0/);
    });
  });

  describe('the booth', () => {
    it('compares decks that keys and menus choose, and keeps them in the address', async () => {
      server.step(120);
      const track = { path: '/m/a.ogg', title: 'Blue', artist: 'A', bpm: 124, camelot: '11A' };
      server.candidates = [{ ...track, reasons: ['closest to the forecast'] }];
      await open('#booth=booth,deck-b');
      server.step();
      await vi.waitFor(async () => expect(await page.locator('.deck').count()).toBe(2), WAIT);
      await page
        .locator('.cut-to', { hasText: 'deck-b' })
        .getByText(/close|step|jump/)
        .first()
        .waitFor();
      // They need seconds of steps, which come from the log.
      await vi.waitFor(
        async () =>
          expect(await page.locator('.deck-slopes').first().innerText()).toMatch(
            /[+−]0\.\d\d\s+(level|\w+ (rise|fall))/,
          ),
        WAIT,
      );
      await page.keyboard.press('2');
      await page.locator('.cut-to', { hasText: 'booth' }).waitFor();
      await page.getByRole('button', { name: 'Add a deck' }).click();
      await vi.waitFor(() => expect(page.url()).toContain('#booth=booth,deck-b,radio'), WAIT);
      await page.getByLabel('Stream of deck 1').selectOption('radio');
      await vi.waitFor(() => expect(page.url()).toContain('#booth=radio,deck-b,booth'), WAIT);
      await page
        .locator('.next-tracks', { hasText: 'A – Blue' })
        .getByText('closest to the forecast')
        .waitFor();
      // Without the first deck, the one that plays is still that one; the keyboard is at what took its place.
      await page.getByRole('button', { name: 'Remove deck 1' }).click();
      expect(await page.locator('.deck[data-active=true] .deck-stream').inputValue()).toBe('deck-b');
      await page.locator('.deck[data-stream=deck-b] button:focus').waitFor();
    });

    it('keeps the jump of a cut up to date', async () => {
      server.step(60);
      await open('#booth=booth,deck-b');
      const jump = page.locator('.cut-jump');
      const seen = new Set<string>();
      await vi.waitFor(async () => {
        server.step();
        seen.add(await jump.innerText());
        expect(seen.size).toBeGreaterThan(2);
      }, WAIT);
    });

    it('lights a cue that is passed, and keeps it', async () => {
      server.step(60);
      await open('#booth=booth,deck-b');
      server.step();
      await page.getByRole('button', { name: 'Cue', exact: true }).first().click();
      await page.getByLabel('Threshold, −1 to 1').fill('-1');
      await page.getByRole('button', { name: 'Set' }).click();
      await page.locator('.deck-cue[data-lit=true]', { hasText: 'arousal above −1.0' }).waitFor();
      const focused = page.locator('button:focus', { hasText: 'Cue' });
      await focused.waitFor();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Escape');
      await focused.waitFor();
      await page.reload();
      await page.locator('.deck-cue', { hasText: 'arousal above −1.0' }).waitFor();
    });

    it('stacks the lanes of its decks, with the slopes beside them in each language', async () => {
      server.step(120);
      for (const locale of ['en', 'de'])
        for (const decks of ['booth,deck-b', 'booth,deck-b,radio']) {
          await open(`#booth=${decks}`, { locale });
          await page.locator('.deck-lanes').nth(1).waitFor();
          const boxes = await inPage<{ left: number; top: number; bottom: number; width: number }[]>(
            "[...document.querySelectorAll('.deck-lanes')].map((one) => one.getBoundingClientRect().toJSON())",
          );
          for (const box of boxes.slice(1)) {
            expect([box.left, box.width]).toEqual([boxes[0]!.left, boxes[0]!.width]);
            expect(box.top).toBeGreaterThan(boxes[0]!.bottom);
          }
          const wide = `[...document.querySelectorAll('.deck-slopes :is(th, td)')]
            .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText)`;
          expect(await inPage(wide)).toEqual([]);
          await page.close();
          await server.stop();
        }
      await server.start();
    });

    it('shows the scale and times of its lanes and the unit of its slopes, also in a small window', async () => {
      server.step(120);
      await open('#booth=booth,deck-b');
      const deck = page.locator('.deck').first();
      const lanes = deck.locator('.deck-lanes');
      await deck.locator('caption').getByText('How steep: change in 10 s').waitFor();
      const labels = async () => (await lanes.innerText()).split(/\s*\n\s*/);
      const times = ['−90 s', '−60 s', '−30 s', 'now', '+10 s'];
      const scale = ['+0.6', '0', '−0.6'];
      await vi.waitFor(
        async () => expect(await labels()).toEqual([...scale, ...scale, 'Valence', 'Arousal', ...times]),
        WAIT,
      );
      await page.setViewportSize({ width: 400, height: 300 });
      await vi.waitFor(
        async () => expect(await labels()).toEqual(['Valence ±0.6', 'Arousal ±0.6', '−90 s', 'now']),
        WAIT,
      );
      const { y, height } = (await deck.boundingBox())!;
      const box = (await lanes.locator('.deck-times').boundingBox())!;
      expect(box.y + box.height).toBeLessThanOrEqual(y + height);
    });

    it('adds titles to the set while it is open', async () => {
      server.step(60);
      const at = (startedAt: string, title: string) => ({
        ...{ title, artist: null, startedAt, endedAt: null, seconds: 200 },
        ...{ valence: 0.1, arousal: 0.2, valenceStart: 0, arousalStart: 0, valenceEnd: 0, arousalEnd: 0 },
      });
      server.tracks = [at('2026-11-20T20:05:00Z', 'Second'), at('2026-11-20T20:00:00Z', 'First')];
      const track = {
        path: '/m/a.ogg',
        title: 'A title that is long',
        artist: 'An orchestra',
        bpm: 124,
        camelot: '11A',
      };
      const reasons = [
        'opens calmer and darker than the music is heading',
        'about 87 BPM, 4 % slower, neighboring key (8A to probably 8B), the same artist as now',
      ];
      server.candidates = [{ ...track, reasons }];
      await open('#booth=booth,deck-b');
      await page.clock.install();
      await page.reload();
      await page.locator('.arc-table', { hasText: 'Second' }).waitFor();
      server.tracks = [at('2026-11-20T20:10:00Z', 'Third'), ...server.tracks];
      await page.clock.fastForward(31_000);
      await page.locator('.arc-table', { hasText: 'Third' }).waitFor();
      // On a phone the rating of each transition stands below its title, without scrolling.
      await page.setViewportSize({ width: 320, height: 640 });
      await page.locator('.arc-jump', { hasText: '0.00, close' }).first().waitFor();
      const cut =
        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.arc-table'))";
      expect(await inPage<number>(cut)).toBeLessThanOrEqual(0);
      await page.locator('.next-track', { hasText: 'An orchestra' }).waitFor();
      // Reasons take a second line rather than end in dots.
      await page.setViewportSize({ width: 1440, height: 900 });
      const hints = page.locator('.next-tracks .booth-hint');
      const hidden = hints.evaluateAll((all) => all.map((one) => one.scrollHeight - one.clientHeight));
      expect(Math.max(...(await hidden))).toBeLessThanOrEqual(1);
      const wide = hints.evaluateAll((all) => all.map((one) => one.scrollWidth - one.clientWidth));
      expect(Math.max(...(await wide))).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 320, height: 640 });
      await fitsWindow(page);
    });

    it('leads to the library when there is none', async () => {
      server.step(60);
      await open('#booth=booth,deck-b');
      await page.getByRole('link', { name: 'Add folders in Set-up' }).click();
      await page.waitForURL(/#setup$/);
    });

    it('requests what could follow only while the deck plays music', async () => {
      server.fields = SILENT;
      server.step(60);
      server.answers.set('GET /v1/next', 409);
      await open('#booth=booth,deck-b');
      await page.getByText('Suggestions appear while this deck plays music.').waitFor();
      expect(server.requests).toEqual([]);
    });

    it('fits a small window that stays on top, and fills it', async () => {
      server.step(60);
      await open('#booth=booth,deck-b', { viewport: { width: 400, height: 300 } });
      await page.locator('.deck-word').first().waitFor();
      expect(
        await inPage("[...document.querySelectorAll('.deck')].at(-1).getBoundingClientRect().bottom"),
      ).toBeGreaterThan(285);
      expect(await inPage('document.documentElement.scrollHeight')).toBeLessThanOrEqual(300);
      await fitsWindow(page);
    });
  });

  it('draws lines, arrows of menus and boxes as large as the text on a large screen', async () => {
    await open('#booth=booth,deck-b', { viewport: { width: 3840, height: 2160 } });
    await page.locator('.deck-stream').first().waitFor();
    const style = (selector: string, property: string) =>
      inPage<string>(`getComputedStyle(document.querySelector('${selector}')).${property}`);
    const rem = Number.parseFloat(await style(':root', 'fontSize'));
    expect(rem).toBe(36);
    expect(await style('.deck', 'borderTopWidth')).toBe('2px');
    expect(await style('.deck-stream', 'appearance')).toBe('none');
    expect(await style('.deck-stream', 'backgroundSize')).toContain(`${0.375 * rem}px`);
    await inPage("location.hash = '#setup'");
    await page.locator('.setup-page input[type=checkbox]').first().waitFor();
    expect(Number.parseFloat(await style('.setup-page input[type=checkbox]', 'height'))).toBeGreaterThan(30);
    // The line of valence, in CSS pixels: 2.5 at 16 px.
    server.step(40);
    await inPage("location.hash = '#stream=booth'");
    await page.locator('.timeline-plot canvas').waitFor();
    const thickest = `(() => {
      const canvas = document.querySelector('.timeline-plot canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let most = 0;
      for (let x = 0; x < canvas.width; x += 3) {
        let run = 0;
        for (let y = 0; y < canvas.height; y++) {
          const at = 4 * (y * canvas.width + x);
          run = [26, 111, 184].every((part, i) => Math.abs(data[at + i] - part) < 15) ? run + 1 : 0;
          if (run < 12) most = Math.max(most, run);
        }
      }
      return most;
    })()`;
    await vi.waitFor(async () => expect(await inPage<number>(thickest)).toBeGreaterThanOrEqual(4), WAIT);
  });

  it('has a theme for dark rooms that can be dimmed, and remembers both', async () => {
    server.step(20);
    await open('#stream=booth', { colorScheme: 'light' });
    for (let i = 0; i < 3; i++) await page.locator('.theme-toggle').click();
    const ground = () => inPage('getComputedStyle(document.documentElement).backgroundColor');
    expect(await ground()).toBe('rgb(0, 0, 0)');
    await page.getByLabel('Brightness').waitFor();
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    const dim = () => inPage("getComputedStyle(document.documentElement, '::after').opacity");
    await vi.waitFor(async () => expect(Number(await dim())).toBeCloseTo(0.2, 5), WAIT);
    await page.reload();
    expect(await ground()).toBe('rgb(0, 0, 0)');
    expect(Number(await dim())).toBeCloseTo(0.2, 5);
  });

  it.each(['#stream=booth', '#wall', '#booth'])('is not wider than any screen: %s', async (hash) => {
    server.step(60);
    await open(hash);
    for (const width of [320, 390, 768, 1440, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await fitsWindow(page);
    }
  });

  it.each(['en', 'fr'])('keeps its texts and lanes within their cards at 320 px: %s', async (locale) => {
    server.step(60);
    await open('#stream=booth', { viewport: { width: 320, height: 568 }, locale });
    await page.locator('.plane-legend').waitFor();
    const legend = `(() => {
      const range = document.createRange();
      range.selectNodeContents(document.querySelector('.plane-legend'));
      const { width, height } = range.getBoundingClientRect();
      return [width <= document.querySelector('.plane').clientWidth, height < 24];
    })()`;
    expect(await inPage(legend)).toEqual([true, true]);
    await inPage("location.hash = '#stream=booth&wall=1'");
    await page.locator('[data-wall] .timeline-plot canvas').waitFor();
    const inCard = `document.querySelector('.timeline-plot canvas').getBoundingClientRect().bottom <=
      document.querySelector('.timeline').getBoundingClientRect().bottom + 0.5`;
    await vi.waitFor(async () => expect(await inPage(inCard)).toBe(true), WAIT);
  });

  it.each(['light', 'dark', 'booth'])(
    'violates no rule of axe in any view at any width: %s',
    async (theme) => {
      server.step(60);
      server.streams[1]!.alerts.push({ alert: 'quiet', t: 1, time: server.time, message: 'Too quiet.' });
      await open('#stream=booth');
      await inPage(`localStorage.setItem('undertone.theme', '${theme}')`);
      await page.reload();
      expect(await inPage('document.documentElement.dataset.theme')).toBe(theme);
      const found: string[] = [];
      for (const [hash, shown] of [
        ['#stream=booth', '.mood-word'],
        ['#wall', '.wall-tile'],
        ['#booth', '.deck'],
        ['#stream=booth&wall=1', '.mood-word'],
        ['#wall&wall=1', '.wall-tile'],
      ] as const) {
        await inPage(`location.hash = '${hash}'`);
        for (const width of [320, 1440]) {
          await page.setViewportSize({ width, height: 900 });
          await page.locator(shown).first().waitFor();
          found.push(...(await violations(page)).map((one) => `${hash} ${width}: ${one}`));
        }
      }
      expect(found).toEqual([]);
    },
  );
});
