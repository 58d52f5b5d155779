import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { describeInBrowser, fitsWindow, OBSERVE_SHIFTS, WAIT } from './describe-in-browser.ts';
import { SILENT } from './fake-frame.ts';
import { FakeServer } from './fake-server.ts';

const PHONE = { viewport: { width: 390, height: 844 } };

/** What the page shows when something is missing, wrong or narrow. */
/** Counts the tones that the page plays, in `tones`. */
const COUNT_TONES = `
  globalThis.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    globalThis.tones++;
    return start.call(this, at);
  };
`;

describeInBrowser('live page in every state', { ignore: /./, init: OBSERVE_SHIFTS }, (browser) => {
  let server: FakeServer;
  let page: Page;

  beforeEach(async () => {
    server = new FakeServer(['booth', 'radio']);
    server.step(40);
    await server.start();
  });
  afterEach(async () => {
    await server.stop();
  });

  async function open(hash = '#stream=booth', options: BrowserContextOptions = {}): Promise<void> {
    page = await browser.open(`${server.url}${hash}`, options);
  }
  const connected = () => page.locator('.connection[data-state=open]').waitFor();
  const shows = (text: string) => page.locator('.connection', { hasText: text }).waitFor();
  /** A word that the page shows while steps arrive: without one for some seconds, it is "No new data". */
  const becomes = (selector: string, text: string) =>
    vi.waitFor(async () => {
      server.step();
      expect(await page.locator(selector).innerText()).toContain(text);
    }, WAIT);
  const goesLive = () => becomes('.connection', 'Live');
  const inPage = <T>(expression: string) => page.evaluate<T>(expression);
  const at = () => ({ t: 1, time: server.time });
  const loseSource = () =>
    server.event({ type: 'source-lost', stream: 'booth', ...at(), message: 'The sound card is gone.' });
  const raise = (stream: string) =>
    server.event({
      type: 'alert-raised',
      stream,
      alert: 'quiet',
      ...at(),
      message: 'The loudness has been below −30 LUFS for 20 s.',
    });

  it('loads titles and markers once the server answers, and shows until then that they are missing', async () => {
    const stored = { id: 'calm-otter-42', stream: 'booth', title: null, tags: [], notes: '', state: 'open' };
    const session = {
      ...{ ...stored, recordNumber: null, target: null, signed: null, clockChanges: [], markers: 1 },
      ...{ startedAt: server.time, stoppedAt: null, seconds: 10, start: null, stop: null },
    };
    const startedAt = new Date(Date.parse(server.time) - 5_000).toISOString();
    server.tracks = [
      { title: 'Blue', artist: 'A', startedAt, endedAt: null, seconds: 5, valence: 0, arousal: 0 },
    ];
    server.answers.set('GET /v1/streams/booth/tracks', 502);
    server.answers.set('GET /v1/sessions', 502);
    await open();
    await connected();
    const note = page.getByText('Titles and markers follow when the server answers.');
    await note.waitFor();
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(3), WAIT); // Tried again.
    server.answers.delete('GET /v1/streams/booth/tracks');
    server.answers.set('GET /v1/sessions', { sessions: [session], next: null });
    server.answers.set('GET /v1/sessions/calm-otter-42/markers', {
      markers: [{ id: 1, at: 2, time: server.time, note: 'drums' }],
    });
    await note.waitFor({ state: 'detached' });
    await page.locator('.session-badge').getByText('1 marker').waitFor();
    expect(server.trackQueries).toBeGreaterThan(0);
    await page.getByText('Bands: nine times in ten.').waitFor();
  });

  it('keeps the titles of the chart while they are loaded again', async () => {
    const startedAt = new Date(Date.parse(server.time) - 60_000).toISOString();
    server.tracks = [
      { title: 'Blue', artist: 'A', startedAt, endedAt: null, seconds: 60, valence: 0, arousal: 0 },
    ];
    await open();
    await inPage(`(() => {
      globalThis.texts = [];
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...args) {
        globalThis.texts.push(text);
        return fillText.call(this, text, ...args);
      };
    })()`);
    const drawsTitle = () =>
      vi.waitFor(async () => {
        server.step();
        expect(await inPage('texts')).toContain('A – Blue');
      }, WAIT);
    await drawsTitle();
    server.answers.set('GET /v1/streams/booth/tracks', 502);
    await server.stop();
    await server.start();
    const isAsked = () => server.requests.some(({ route }) => route.endsWith('/tracks'));
    await vi.waitFor(() => expect(isAsked()).toBe(true), WAIT);
    await inPage('texts.length = 0');
    await drawsTitle();
  });

  it('shows its name while its scripts are loaded', async () => {
    page = await browser.open('about:blank');
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/*.js', (route) => released.then(() => route.continue()));
    await page.goto(server.url, { waitUntil: 'commit' });
    await page.getByText('undertone…').waitFor();
    release();
    await connected();
    expect(await page.getByText('undertone…').count()).toBe(0);
  });

  it('shows nothing of a deck as present once its stream stands still', async () => {
    await open('#booth');
    server.step(40);
    await page.locator('.deck-word[data-inactive=false]').nth(1).waitFor();
    await page.locator('.cut-jump', { hasText: /\d/ }).waitFor();
    const heights = () => inPage("[...document.querySelectorAll('.deck')].map((one) => one.offsetHeight)");
    const before = await heights();
    await server.stop(); // Nothing arrives any more that could renew the page.
    await page.locator('.deck-word', { hasText: 'No new data' }).nth(1).waitFor();
    const shown = await page.locator('.cut-jump, .deck-slopes td').allInnerTexts();
    expect(new Set(shown.map((text) => text.trim()))).toEqual(new Set(['–']));
    await page.getByText('no music on 1 and 2').waitFor();
    expect(await heights()).toEqual(before);
    expect(await page.locator('.booth-plane canvas').getAttribute('aria-label')).not.toMatch(/\d\.\d/);
  });

  it('a page that nobody has touched shows that alerts make no sound; a click allows it', async () => {
    await open('#stream=booth&wall=1');
    await inPage(`localStorage.setItem('undertone.alerts', '{"sound":true}')`);
    await page.addInitScript(COUNT_TONES);
    await page.reload();
    const notice = page.getByRole('complementary', { name: 'Sound of alerts' });
    await notice.getByText('plays no sound of alerts before a click').waitFor();
    await notice.getByRole('button', { name: 'Allow sound' }).click();
    await notice.waitFor({ state: 'detached' });
    raise('booth');
    await vi.waitFor(async () => expect(await inPage('tones')).toBe(2), WAIT);
  });

  it('asks for a token, says when it is wrong, and keeps it out of the address', async () => {
    server.token = 'secret-1';
    await open();
    await page.getByRole('heading', { name: 'Access needed: enter a token' }).waitFor();
    expect(await page.title()).toBe('Access needed – undertone');
    expect(await inPage('document.body.innerText')).not.toMatch(/no-token|for programs/);
    await page.getByLabel('Token').fill('secret-2');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The server does not know this token').waitFor();
    await page.getByLabel('Token').fill('secret-1');
    await page.getByRole('button', { name: 'Open' }).click();
    await connected();
    expect(page.url()).not.toContain('secret');
    await page.reload();
    await connected();
  });

  it('shows a lost source as such: why, since when, no level and not "Live"', async () => {
    await open();
    await goesLive();
    loseSource();
    await shows('Source lost');
    await page.locator('.stream-note', { hasText: 'The sound card is gone. No data since' }).waitFor();
    expect(await page.locator('.meter-value').innerText()).toMatch(/^–/);
    expect(await page.getByRole('meter').getAttribute('aria-valuetext')).toBe('unknown');
  });

  it('grays the word with the numbers when the server is gone, names the reason, and loads a page that was opened then', async () => {
    await open();
    await goesLive();
    await server.stop();
    await page.locator('.mood-word[data-inactive=true]').waitFor();
    await page.locator('.readouts[data-inactive=true]').waitFor();
    await page.locator('.stream-note', { hasText: 'No connection to the server.' }).waitFor();
    await inPage('location.hash = "#sessions"');
    await page.getByText('This page could not be loaded').waitFor();
    await server.start();
    // By itself, and with the styles that failed to load.
    await page.locator('.sessions-page').waitFor();
    const noStyles =
      '[...document.querySelectorAll("link[rel=stylesheet]")].filter(({ sheet }) => sheet === null)';
    expect(await inPage(`${noStyles}.length`)).toBe(0);
  });

  it('is not "Live" without a network, nor without new data', async () => {
    await open();
    await goesLive();
    await page.context().setOffline(true);
    await shows('Reconnecting');
    await page.context().setOffline(false);
    await connected();
    await shows('No new data');
  });

  it('opens a connection again that brings nothing: it may be gone without a sign', async () => {
    await open();
    await goesLive();
    expect(server.liveQueries).toHaveLength(1);
    await vi.waitFor(() => expect(server.liveQueries.length).toBeGreaterThan(1), { timeout: 60_000 });
  });

  it('says why a stream stopped', async () => {
    await open();
    server.event({ type: 'stream-stopped', stream: 'booth', ...at(), message: 'The server was shut down.' });
    await page.locator('.stream-note', { hasText: 'The server was shut down.' }).waitFor();
  });

  it.each([{ viewport: { width: 1440, height: 900 } }, PHONE])(
    'shows an alert without moving anything: $viewport.width px',
    async (options) => {
      await open('#stream=booth', options);
      await goesLive();
      const [shifts, height] = await inPage<[number, number]>(
        '[shifts, document.documentElement.scrollHeight]',
      );
      raise('booth');
      raise('radio');
      await page.getByRole('button', { name: '2 alerts' }).waitFor();
      await page.waitForTimeout(300);
      expect(await inPage('shifts')).toBe(shifts);
      expect(await inPage('document.documentElement.scrollHeight')).toBe(height);
      await page.getByRole('button', { name: '2 alerts' }).click();
      await page.getByRole('button', { name: /^radio The loudness/ }).click();
      await vi.waitFor(() => expect(page.url()).toContain('stream=radio'), WAIT);
    },
  );

  it.each([1440, 900, 820, 390])(
    'shows the whole name of a stream beside a long source at %i px',
    async (width) => {
      server.streams[0]!.source = `file:/very/long/folder/${'name'.repeat(30)}.ogg`;
      await open('#stream=booth', { viewport: { width, height: 900 } });
      await goesLive();
      const [needs, has] = await inPage<[number, number]>(
        "(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.querySelector('.picker-name'))",
      );
      expect(needs).toBeLessThanOrEqual(has);
      expect(has).toBeGreaterThan(40);
      await fitsWindow(page);
      // A reason of usual length is shown whole where there is room, and moves nothing.
      const shifts = await inPage('shifts');
      const message = 'The sound card "USB Audio CODEC" is gone; trying again until it is back.';
      server.event({ type: 'source-lost', stream: 'booth', ...at(), message });
      await page.locator('.stream-note', { hasText: 'USB Audio' }).waitFor();
      const cut =
        "(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector('.stream-note'))";
      if (width === 1440) expect(await inPage<number>(cut)).toBeLessThanOrEqual(1);
      expect(await inPage('shifts')).toBe(shifts);
    },
  );

  it.each(['en', 'de', 'fr', 'es'])('shows what the program is for whole, %s', async (locale) => {
    await open('#stream=booth', { locale });
    await connected();
    for (const width of [390, 640, 1024, 1200, 1440, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      const cut = `(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
        [scrollWidth - clientWidth, scrollHeight - clientHeight])(document.querySelector('.tagline'))`;
      await vi.waitFor(async () => expect(await inPage(cut), `${width} px`).toEqual([0, 0]), WAIT);
    }
  });

  it.each(['en', 'de', 'fr', 'es'])(
    'keeps what is in the header apart at every width, %s',
    async (locale) => {
      await open('#stream=booth', { locale, permissions: ['microphone'] });
      await inPage("localStorage.setItem('undertone.theme', 'booth')"); // It has a slider too.
      await page.reload();
      await page.locator('.microphone-button').click();
      await page.locator('.microphone-badge button').waitFor();
      raise('booth');
      raise('radio');
      await page.locator('.alerts-button').waitFor();
      const overlaps = `(() => {
      const parts = [...document.querySelectorAll('.header :is(.brand, a, button, select, .brightness)')]
        .filter((one) => one.checkVisibility()).map((one) => [one.outerHTML.slice(0, 60), one.getBoundingClientRect()]);
      return parts.flatMap(([a, p], i) => parts.slice(i + 1).flatMap(([b, q]) =>
        p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1 ? [a + ' ' + b] : []));
    })()`;
      for (const width of [320, 390, 520, 640, 820, 1023, 1024, 1200, 1399, 1400, 1440, 1519, 1520]) {
        await page.setViewportSize({ width, height: 800 });
        await vi.waitFor(async () => {
          expect([width, await inPage(overlaps)]).toEqual([width, []]);
        }, WAIT);
        await fitsWindow(page);
      }
    },
  );

  it('gives fingers 44 px, and keeps texts within their boxes, on a phone', async () => {
    await open('#stream=booth', PHONE);
    await goesLive();
    raise('radio');
    await page.getByRole('button', { name: 'Alert' }).waitFor();
    const small = await inPage<string[]>(`
      [...document.querySelectorAll('button, a, .window-choice span, select, input:not([type=radio])')]
        .filter((one) => one.checkVisibility() && !one.matches('.skip-link, .visually-hidden'))
        .filter((one) => one.getBoundingClientRect().height < 44 || one.getBoundingClientRect().width < 44)
        .map((one) => one.outerHTML.slice(0, 80))`);
    expect(small).toEqual([]);
    const wide = `[...document.querySelectorAll('.meter-value, .mood-word, .readout dd')]
      .filter((one) => one.scrollWidth > one.clientWidth + 1)
      .map((one) => one.innerText)`;
    expect(await inPage(wide)).toEqual([]);
    await inPage("document.querySelector('.mood-word').firstChild.data = 'No stream'");
    expect(await inPage(wide)).toEqual([]);
    // The theme with a slider in the header.
    await inPage("localStorage.setItem('undertone.theme', 'booth')");
    await page.reload();
    await page.locator('.brightness').waitFor();
    await goesLive();
    const button = page.locator('.connection-button');
    expect(await button.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0);
  });

  it('shows plane, mood and session on one screen of a phone in landscape', async () => {
    await open('#stream=booth', { viewport: { width: 844, height: 390 } });
    await goesLive();
    const bottom = (selector: string) =>
      page.locator(selector).evaluate((one) => Math.round(one.getBoundingClientRect().bottom));
    for (const part of ['.plane', '.mood', '.session-start'])
      expect(await bottom(part), part).toBeLessThanOrEqual(390);
    // A long reason has one whole line there.
    server.event({ type: 'source-lost', stream: 'booth', ...at(), message: 'It is gone. '.repeat(20) });
    await page.locator('.stream-note', { hasText: 'It is gone.' }).waitFor();
    const lines = `(() => {
      const note = document.querySelector('.stream-note');
      return note.clientHeight / Number.parseFloat(getComputedStyle(note).lineHeight);
    })()`;
    expect(await inPage<number>(lines)).toBeCloseTo(1, 1);
  });

  it('shows on a slow network that a view is loading', async () => {
    await open();
    await connected();
    await page.route('**/try-page-*.js', async (route) => {
      await page.getByText('Loading…').waitFor();
      await route.continue();
    });
    await inPage('location.hash = "#try"');
    await page.locator('.try-page').waitFor();
  });

  it('names pages that do not exist, titles the others, and skips to the content', async () => {
    await open('#foo');
    await page.getByRole('heading', { name: 'There is no page “#foo”' }).waitFor();
    expect(await page.title()).toBe('Page not found – undertone');
    await page.getByRole('link', { name: 'the live view' }).click();
    await vi.waitFor(async () => expect(await page.title()).toBe('booth – undertone'), WAIT);
    await page.reload();
    await connected();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await inPage('document.activeElement.id')).toBe('content');
    expect(await page.getByRole('heading', { level: 2 }).count()).toBeGreaterThan(3);
  });

  it('announces moods twice a minute at most, and a lost source at once', async () => {
    await open();
    await connected();
    const announced = page.locator('.live-page + [role=status]');
    server.step();
    await vi.waitFor(async () => expect(await announced.innerText()).toContain('perceived as'), WAIT);
    const first = await announced.innerText();
    server.step(100);
    server.fields = SILENT;
    await becomes('.mood-word', 'Silence');
    expect(await announced.innerText()).toBe(first);
    loseSource();
    await vi.waitFor(
      async () => expect(await announced.innerText()).toContain('The sound card is gone.'),
      WAIT,
    );
  });

  it('explains holes: what is missing is labeled', async () => {
    await open();
    server.fields = SILENT;
    await becomes('.mood-word', 'Silence');
    const legend = await page.locator('.timeline-bands').innerText();
    expect(legend).toContain('nine times in ten');
    expect(await page.locator('.readout-interval').first().innerText()).toBe('');
    server.fields = {};
    await vi.waitFor(async () => {
      server.step();
      expect(await page.locator('.readout-interval').first().innerText()).toMatch(/^±0\.\d\d, nine/);
    }, WAIT);
  });

  it.each([false, true])('prints one page without controls, landscape: %s', async (landscape) => {
    await open('#stream=booth', { colorScheme: 'dark' });
    await goesLive();
    await inPage(`matchMedia('print').addEventListener('change', ({ matches }) => {
      if (!matches) return;
      const boxes = [...document.querySelectorAll('.plane canvas, .timeline canvas')];
      globalThis.paper = {
        page: document.documentElement.clientWidth,
        sizes: boxes.map(({ width, height, clientWidth, clientHeight }) => [width, height, clientWidth, clientHeight]),
      };
    })`);
    const pdf = (await page.pdf({ format: 'A4', landscape })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1);
    // The paper less its margins of 12 mm: nothing wider makes the browser shrink the page.
    const paper = await inPage<{ page: number; sizes: number[][] }>('paper');
    expect(paper.page).toBeCloseTo(((landscape ? 297 : 210) - 24) * (96 / 25.4), -1);
    for (const [width, height, ...box] of paper.sizes) expect([width, height]).toEqual(box);
    // Canvases are drawn for paper before its styles apply.
    const brightness = await inPage<number>(`(async () => {
      dispatchEvent(new Event('beforeprint'));
      await null; // uPlot draws in a microtask.
      const { width, height } = document.querySelector('.timeline canvas');
      const { data } = document.querySelector('.timeline canvas').getContext('2d').getImageData(0, 0, width, height);
      dispatchEvent(new Event('afterprint'));
      const drawn = [...data.keys()].filter((at) => at % 4 === 3 && data[at] === 255).map((at) => data[at - 1]);
      return drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    })()`);
    expect(brightness).toBeGreaterThan(180);
    await page.emulateMedia({ media: 'print' });
    const visible = await inPage<string[]>(
      "[...document.querySelectorAll('button, nav, input')].filter((one) => one.checkVisibility()).map((one) => one.className)",
    );
    expect(visible).toEqual(['button picker-button']);
    // A printed canvas is white where it was cleared: what it lies over is not on the paper.
    const covered = await inPage<string[]>(`[...document.querySelectorAll('.plane-labels span')]
      .map((one) => [one, one.getBoundingClientRect()])
      .filter(([one, { x, y, width, height }]) => document.elementFromPoint(x + width / 2, y + height / 2) !== one)
      .map(([one]) => one.textContent)`);
    expect(covered).toEqual([]);
    // The page learns of the emulated medium by an event; of real printing it learns before.
    await vi.waitFor(
      async () =>
        expect(await inPage("getComputedStyle(document.querySelector('.brand')).color")).toBe(
          'rgb(26, 27, 31)',
        ),
      WAIT,
    );
  });
});
