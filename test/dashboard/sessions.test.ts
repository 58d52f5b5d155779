import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { violations } from './axe.ts';
import { describeInBrowser, fitsWindow, WAIT } from './describe-in-browser.ts';
import { useRealServer } from './real-server.ts';

/** A second press earlier than this confirms nothing. */
const DOUBLE_PRESS_MS = 700;
/** Times are stored in whole milliseconds. */
const ROUNDING_MS = 1;
/** Chromium logs these itself while the server is down; no page can prevent it. */
const SERVER_GONE = /WebSocket connection to .* failed:|Failed to load resource: net::ERR_/;

describeInBrowser('sessions in a browser', { ignore: SERVER_GONE }, (browser) => {
  const server = useRealServer();
  const { client, step } = server;
  let page: Page;

  async function open(hash = '#stream=booth', options: BrowserContextOptions = {}): Promise<void> {
    page = await browser.open(`${server.url}${hash}`, options);
    await page.locator('.connection[data-state=open]').waitFor();
  }

  const newest = async () => (await client().sessions.list()).sessions[0];
  const heightOf = (selector: string) => page.locator(selector).evaluate((element) => element.clientHeight);
  const waitFor = (check: () => Promise<void>) => vi.waitFor(check, WAIT);
  /** The session that the page has started: it shows one at once, and its code when the server has stored it. */
  async function started() {
    await page.locator('.session-badge b').getByText(/-\d+$/).waitFor();
    return (await newest())!;
  }

  it('records a session by keys alone, from start to report: start, mark, note, stop, replay', async () => {
    await open();
    await page.getByRole('button', { name: 'Start session' }).waitFor();
    const before = await heightOf('.session-bar');
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Stop session' }).waitFor();
    const session = await started();
    await page.getByText(session.id).waitFor();
    step(4);
    await page.keyboard.press('m');
    await page.getByText(/^Marker 1, .* · saved$/).waitFor();
    const [marked] = await client().sessions.markers(session.id);
    // The note is written later; the marker keeps its time.
    step(4);
    await page.keyboard.press('n');
    await page.keyboard.type('mums join in');
    await page.keyboard.press('Enter');
    await waitFor(async () =>
      expect(await client().sessions.markers(session.id)).toEqual([{ ...marked!, note: 'mums join in' }]),
    );
    await page.getByText(/^Marker 1, .* · saved$/).waitFor();
    expect(await heightOf('.session-bar')).toBe(before);
    await page.keyboard.press('m');
    await page.getByText(/^Marker 2, .* · saved$/).waitFor();

    // One press stops nothing.
    await page.keyboard.press('s');
    await page.getByText('Stop now?').waitFor();
    expect((await newest())?.state).toBe('open');
    await page.waitForTimeout(DOUBLE_PRESS_MS);
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Start session' }).waitFor();
    await waitFor(async () => expect(await newest()).toMatchObject({ state: 'stopped', markers: 2 }));
    const card = page.getByRole('complementary', { name: `Session ${session.id}` });
    await card.getByText(/^Saved: 0:\d\d, 2 markers\.$/).waitFor();
    await card.getByRole('textbox', { name: 'Title' }).fill('Evening');
    await card.getByRole('textbox', { name: 'Title' }).press('Enter');
    await card.getByText('Title saved.').waitFor();
    expect((await newest())?.title).toBe('Evening');
    expect(await card.getByRole('link', { name: 'Report' }).getAttribute('href')).toContain(session.id);
    expect(await violations(page)).toEqual([]);
    await card.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByRole('link', { name: new RegExp(session.id) }).click();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    expect(page.url()).toContain(`#session=${session.id}`);
    await page.getByRole('button', { name: /^Go to marker 2/ }).click();
    const reached = Number(await page.getByRole('slider').inputValue());
    expect(reached).toBeGreaterThan(0);
    const shown = await page.locator('.readout[data-axis=valence] dd').innerText();
    expect(shown).toMatch(/^[+−]?0\.\d\d/);

    const report = await page.request.get(
      (await page.getByRole('link', { name: 'Report' }).getAttribute('href'))!,
    );
    expect(await report.text()).toContain('mums join in');
    const reportPage = await page.context().newPage();
    reportPage.on('console', (message) => browser.faults.push(message.text()));
    await reportPage.goto((await page.getByRole('link', { name: 'Report' }).getAttribute('href'))!);
    // The report's strict CSP allows its style sheet: the body is as narrow as paper.
    expect(await reportPage.evaluate<number>('document.body.clientWidth')).toBeLessThan(1000);
    expect(await reportPage.locator('svg.timeline').count()).toBe(1);
  });

  it('plays a recording: the numbers change, and it stops at the end', async () => {
    const from = Date.now() / 1000;
    const { id } = await client().sessions.start({ stream: 'booth', startedAt: from - 5 });
    for (let i = 0; i < 6; i++) {
      step(1);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await client().sessions.stop(id);
    await open(`#session=${id}`);
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('2');
    // The page itself notes what it shows: it plays for less than a second.
    await page.evaluate(`{
      globalThis.readings = new Set();
      const note = () => readings.add(document.querySelector('.readout[data-axis=valence] dd').innerText);
      note();
      const all = { subtree: true, childList: true, characterData: true };
      new MutationObserver(note).observe(document.querySelector('.readouts'), all);
    }`);
    await page.keyboard.press('k');
    const slider = page.getByRole('slider');
    const end = Number(await slider.getAttribute('max'));
    await waitFor(async () => {
      expect(Number(await slider.inputValue())).toBeGreaterThan(end * 0.98);
      expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(1);
    });
    expect(await page.evaluate('readings.size')).toBeGreaterThan(2);
    await slider.focus();
    await page.keyboard.press('Home');
    expect(Number(await slider.inputValue())).toBe(0);
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^0:00 of 0:0\d/);
  });

  it('prints a replay on one page, with its notes as a whole', async () => {
    const started = await client().sessions.start({ stream: 'booth', startedAt: Date.now() / 1000 - 5 });
    step(10);
    for (let i = 0; i < 8; i++) await client().sessions.addMarker(started.id, { note: 'drums' });
    const notes = 'She became quiet when the strings entered.\n'.repeat(8).trim();
    await client().sessions.change(started.id, { notes });
    await open(`#session=${started.id}`);
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await page.locator('.markers li').nth(7).waitFor();
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1);
    const onPaper = page.locator('.details-paper');
    expect(await onPaper.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    await onPaper.waitFor();
    expect(await onPaper.innerText()).toBe(notes);
    expect(await page.getByRole('textbox', { name: 'Notes' }).isVisible()).toBe(false);
  });

  it('opens at the first data, and asks before it stops', async () => {
    const began = Date.now() / 1000;
    const session = await client().sessions.start({ stream: 'booth', startedAt: began - 60 });
    step(3);
    await open(`#session=${session.id}`);
    await page.getByRole('button', { name: 'Play' }).waitFor();
    const valence = page.locator('.readout[data-axis=valence] dd');
    await waitFor(async () => expect(await valence.innerText()).toMatch(/^[+−]?0\.\d\d/));
    expect(await page.getByText('No data').count()).toBe(0);

    await page.getByRole('button', { name: 'Add marker here' }).click();
    await waitFor(async () =>
      expect(await page.getByLabel('Note for marker 1').evaluate((e) => e.matches(':focus'))).toBe(true),
    );
    await page.keyboard.type('at last');
    await page.keyboard.press('Enter');
    await waitFor(async () =>
      expect(await client().sessions.markers(session.id)).toMatchObject([{ note: 'at last' }]),
    );

    await page.getByRole('button', { name: 'Stop session' }).click();
    await page.getByText('Stop now?').waitFor();
    expect((await newest())?.state).toBe('open');
    await page.waitForTimeout(DOUBLE_PRESS_MS);
    await page.getByText('Stop now?').click();
    await waitFor(async () => expect((await newest())?.state).toBe('stopped'));
  });

  it('opens a replay on the whole session, and goes to where the chart is clicked', async () => {
    const { id } = await client().sessions.start({ stream: 'booth', startedAt: Date.now() / 1000 - 2 });
    for (let i = 0; i < 8; i++) {
      step(1);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await client().sessions.stop(id);
    await open(`#session=${id}`, { locale: 'de' });
    const report = page.getByRole('link', { name: 'Bericht' });
    expect(await report.getAttribute('href')).toMatch(/\?zone=.*&language=de$/);
    await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
    const all = page.getByRole('radio', { name: 'All' });
    expect(await all.isChecked()).toBe(true);
    const path = page.locator('.plane-whole');
    expect((await path.getAttribute('d'))?.match(/\d\.\d{3}/g)?.length).toBeGreaterThan(2);
    const slider = page.getByRole('slider');
    const plot = page.locator('.timeline-plot .u-over');
    const { width, height } = (await plot.boundingBox())!;
    await plot.click({ position: { x: width * 0.9, y: height / 2 } });
    const length = Number(await slider.getAttribute('max'));
    expect(Number(await slider.inputValue())).toBeCloseTo(0.9 * length, 0);
    // The table has what follows the present position too.
    await plot.click({ position: { x: 2, y: height / 2 } });
    await page.getByRole('button', { name: 'Table' }).click();
    await page.locator('.timeline-table tbody tr').nth(2).waitFor();

    await page.getByText('1 min', { exact: true }).click();
    await waitFor(async () => expect(await path.getAttribute('d')).toBe(''));
    expect(await violations(page)).toEqual([]);
  });

  it('writes title, tags and notes, and erases after asking', async () => {
    const session = await client().sessions.start({ stream: 'booth' });
    step(3);
    await client().sessions.stop(session.id);
    await open(`#session=${session.id}`);
    await page.getByLabel('Title').fill('Evening');
    await page.getByLabel('Tags, separated by commas').fill('group,  drums,');
    await page.getByLabel('Notes').fill('Two lines\nof notes');
    await page.getByLabel('Title').focus();
    await waitFor(async () =>
      expect(await client().sessions.get(session.id)).toMatchObject({
        title: 'Evening',
        tags: ['group', 'drums'],
        notes: 'Two lines\nof notes',
      }),
    );
    await page.getByRole('heading', { name: 'Evening' }).waitFor();
    await page.getByRole('button', { name: 'Erase…' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await newest()).toBeDefined();
    await page.getByRole('button', { name: 'Erase…' }).click();
    await page.getByRole('button', { name: 'Erase', exact: true }).click();
    await page.getByText('No sessions yet').waitFor();
    expect(await newest()).toBeUndefined();
  });

  it('keeps the time of a marker that is added while the server is down', async () => {
    await open();
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Stop session' }).waitFor();
    const { id, startedAt } = await started();
    step(2);
    await page.waitForTimeout(200);
    await server.close();
    await page.locator('.connection[data-state=waiting]').waitFor();
    await page.keyboard.press('m');
    const afterPressMs = Date.now();
    await page.getByText(/^Marker 1, .* · not saved yet$/).waitFor();
    await page.waitForTimeout(2_500);
    await server.restart();
    await waitFor(async () => expect(await client().sessions.markers(id)).toHaveLength(1));
    const [marker] = await client().sessions.markers(id);
    expect(Date.parse(marker!.time)).toBeGreaterThan(Date.parse(startedAt));
    expect(Date.parse(marker!.time)).toBeLessThanOrEqual(afterPressMs + ROUNDING_MS);
    await page.getByText(/^Marker 1, .* · saved$/).waitFor();
  });

  it('shows changes on another page at once', async () => {
    await open();
    const other = await page.context().newPage();
    await other.goto(`${server.url}#stream=booth`);
    await other.getByRole('button', { name: 'Start session' }).waitFor();
    await page.bringToFront();
    await page.keyboard.press('s');
    await other.getByRole('button', { name: 'Stop session' }).waitFor();
    await page.getByRole('button', { name: 'Stop session' }).waitFor();
    await page.keyboard.press('m');
    await other.getByText('1 marker', { exact: true }).waitFor();
  });

  it('shows a session on another stream, on every page and in the title', async () => {
    await client().sessions.start({ stream: 'room-2' });
    await open();
    const recording = page.getByRole('link', { name: 'Session running: room-2' });
    await recording.waitFor();
    expect(await page.title()).toBe('● booth – undertone');
    await page.getByRole('link', { name: 'Sessions', exact: true }).click();
    await recording.waitFor();
    expect(await page.title()).toBe('● Sessions – undertone');
    // Where links are long and the theme has a slider, too: streams often differ in their last letter.
    await page.evaluate(
      "localStorage.setItem('undertone.theme', 'booth'), localStorage.setItem('undertone.language', 'fr')",
    );
    await page.reload();
    const name = page.locator('.recording-text');
    await name.waitFor();
    expect(await name.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
    await page.evaluate("localStorage.removeItem('undertone.language')");
    await page.reload();
    await recording.click();
    // There its own line shows it.
    await page.locator('.session-badge').waitFor();
    expect(await recording.count()).toBe(0);
    await page.goto(`${server.url}#stream=booth`);
    await client().sessions.start({ stream: 'booth' });
    await page.goto(`${server.url}#sessions`);
    await page.getByRole('link', { name: 'Session running: 2 sessions' }).waitFor();
  });

  it('does not stop a session on a double press', async () => {
    await open();
    await page.keyboard.press('s');
    await started();
    // Both in one task of the page, however slow the machine is.
    await page.evaluate(
      `for (let i = 0; i < 2; i++) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 's', bubbles: true }))`,
    );
    await page.getByText('Stop now?').waitFor();
    await page.waitForTimeout(300);
    expect((await newest())?.state).toBe('open');
  });

  it('names every button by the text it shows', async () => {
    const session = await client().sessions.start({ stream: 'booth' });
    step(3);
    await client().sessions.addMarker(session.id, { note: 'drums' });
    await open(`#session=${session.id}`);
    await page.getByRole('button', { name: 'Go to marker 1' }).waitFor();
    // WCAG 2.5.3, for those who speak to their computer.
    const mismatched = await page.evaluate<string[]>(
      `[...document.querySelectorAll('button[aria-label], a[aria-label]')]
        .filter((one) => one.innerText.trim() !== '' && !one.ariaLabel.toLowerCase().includes(one.innerText.trim().toLowerCase()))
        .map((one) => one.ariaLabel)`,
    );
    expect(mismatched).toEqual([]);
    await page.getByRole('button', { name: 'Erase marker 1' }).waitFor();
    expect(await page.title()).toContain(session.id);
  });

  it('starts late with a title and tags, and adds markers with their notes by number keys', async () => {
    await open('#setup');
    await page.getByLabel('Note of key 3').fill('Breathing slows');
    await page.getByLabel('Note of key 3').press('Tab');
    await page.goto(`${server.url}#stream=booth`);
    await page.getByRole('button', { name: 'More…' }).click();
    await page.getByLabel('Title').fill('Tuesday group');
    await page.getByLabel('Tags, separated by commas').fill('receptive, first');
    await page.getByLabel('Began').selectOption('5');
    await page.locator('.popover-form button').click();
    const session = await started();
    expect(session).toMatchObject({ title: 'Tuesday group', tags: ['receptive', 'first'] });
    expect(session.seconds).toBeGreaterThan(5 * 60 - 30);
    expect(session.seconds).toBeLessThan(5 * 60 + 60);
    await page.locator('.mood').click();
    await page.keyboard.press('3');
    await page.keyboard.press('4'); // Without a note it does nothing.
    await vi.waitFor(
      async () =>
        expect((await client().sessions.markers(session.id)).map(({ note }) => note)).toEqual([
          'Breathing slows',
        ]),
      WAIT,
    );
  });

  it('adds markers with buttons of their own notes, and by a foot-switch that sends a key', async () => {
    await open('#setup');
    await page.getByLabel('Note of key 1').fill('Eyes closed');
    await page.getByLabel('Note of key 2').fill('Weeps for a while, tissue handed over, music made softer');
    await page.getByLabel('Foot-switch').focus();
    await page.keyboard.press('PageDown');
    expect(await page.getByLabel('Foot-switch').inputValue()).toBe('pagedown');
    expect(await violations(page)).toEqual([]);
    await page.goto(`${server.url}#stream=booth`);
    const labeled = page.getByRole('button', { name: 'Eyes closed' });
    expect(await labeled.isDisabled()).toBe(true);
    await page.setViewportSize({ width: 390, height: 844 });
    await fitsWindow(page);
    await page.setViewportSize({ width: 1440, height: 900 });
    const before = await heightOf('.session-bar');
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Stop session' }).waitFor();
    await labeled.click();
    const notes = async () => (await client().sessions.markers((await newest())!.id)).map(({ note }) => note);
    await waitFor(async () => expect(await notes()).toEqual(['Eyes closed']));
    await page.locator('.mood').click();
    await page.keyboard.press('PageDown');
    await waitFor(async () => expect((await notes()).toSorted()).toEqual(['', 'Eyes closed']));
    expect(await heightOf('.session-bar')).toBe(before);
    expect(await violations(page)).toEqual([]);
  });

  it('ignores keys while the user types, and keys with a modifier', async () => {
    await open();
    await page.getByRole('button', { name: 'Start session' }).waitFor();
    await page.locator('.picker-button').click();
    await page.getByRole('combobox', { name: 'Find a stream' }).waitFor();
    await page.keyboard.type('s');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+s');
    await page.waitForTimeout(300);
    expect(await newest()).toBeUndefined();
  });

  it.each([
    [1440, 900],
    [390, 844],
    [320, 568],
  ])('list, replay and API pages fit a screen of %i × %i', async (width, height) => {
    const session = await client().sessions.start({
      stream: 'booth',
      title: 'A rather long title'.repeat(8),
    });
    step(3);
    await client().sessions.addMarker(session.id, { note: 'unbreakable'.repeat(30) });
    await client().sessions.stop(session.id);
    await open('#sessions', { viewport: { width, height }, colorScheme: 'dark' });
    await page.getByRole('link', { name: new RegExp(session.id) }).waitFor();
    await fitsWindow(page);
    await page.goto(`${server.url}#session=${session.id}`);
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await fitsWindow(page);
    await page.goto(`${server.url}v1/sessions/${session.id}/report`);
    await fitsWindow(page);
    await page.goto(`${server.url}docs`);
    await page.getByText('Start a session on a stream').click();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('201 Created').waitFor();
    await fitsWindow(page);
  });
});
