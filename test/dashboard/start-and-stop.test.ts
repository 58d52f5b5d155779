import type { Page, Route } from 'playwright-core';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Session } from '../../src/client/index.ts';
import { violations } from './axe.ts';
import { describeInBrowser, WAIT } from './describe-in-browser.ts';
import { useRealServer } from './real-server.ts';

/** Requests that fail on purpose. */
const FAILS = /Failed to load resource|WebSocket connection to .* failed:/;
const PROBLEM = { contentType: 'application/problem+json', status: 409 };
/** Times are stored in whole milliseconds. */
const ROUNDING_MS = 1;

describeInBrowser('starting and stopping a session in a browser', { ignore: FAILS }, (browser) => {
  const server = useRealServer();
  const { client } = server;
  let page: Page;

  beforeEach(async () => {
    page = await browser.open(`${server.url}#stream=booth`);
    await page.locator('.connection[data-state=open]').waitFor();
    await button('Start session').waitFor();
  });

  const all = async (): Promise<readonly Session[]> => (await client().sessions.list()).sessions;
  const waitFor = (check: () => Promise<void>) => vi.waitFor(check, WAIT);
  const button = (name: string) => page.getByRole('button', { name });
  async function away(): Promise<() => Promise<void>> {
    await server.close();
    await page.locator('.connection[data-state=waiting]').waitFor();
    return server.restart;
  }
  /** Answers the POST requests to sessions by hand. */
  async function intercept(answer: (route: Route) => Promise<void>): Promise<void> {
    await page.route('**/v1/sessions**', (route) =>
      route.request().method() === 'POST' ? answer(route) : route.continue(),
    );
  }
  const startInForm = () =>
    page
      .locator('.popover-form:popover-open')
      .getByRole('button', { name: /^Start (session|again)$/ })
      .click();
  async function stop(): Promise<void> {
    await button('Stop session').click();
    await page.waitForTimeout(700); // A double press stops nothing.
    await button('Stop now? session').click();
  }

  it('counts from the press while the server is away, with what is set and typed meanwhile', async () => {
    const back = await away();
    await page.keyboard.press('s');
    const afterStartMs = Date.now();
    await button('Stop session').waitFor();
    await page.locator('.session-badge').getByText('Not saved yet').waitFor();
    expect(await page.locator('.session-badge').getAttribute('href')).toBeNull();
    await page.keyboard.press('m');
    await page.getByText(/^Marker 1, .* · not saved yet$/).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.type('drums');
    expect(await violations(page)).toEqual([]);
    await back();
    await page.getByText(/^Marker 1, .* · saved$/).waitFor();
    // The field is the same: whoever types goes on.
    expect(await page.evaluate('document.activeElement.id')).toBe('session-note');
    await page.keyboard.type(' and harp');
    await page.keyboard.press('Enter');
    const [session, ...others] = await all();
    expect(others).toEqual([]);
    await page.locator('.session-badge').getByText(session!.id).waitFor();
    expect(Date.parse(session!.startedAt)).toBeLessThanOrEqual(afterStartMs + ROUNDING_MS);
    await waitFor(async () =>
      expect(await client().sessions.markers(session!.id)).toMatchObject([{ note: 'drums and harp' }]),
    );
  });

  it('ends at the press while the server is away, also a session that has yet to be stored', async () => {
    await page.keyboard.press('s');
    await button('Stop session').waitFor();
    await page.locator('.session-badge b').getByText(/-\d+$/).waitFor();
    const back = await away();
    await stop();
    const afterStopMs = Date.now();
    await button('Start session').waitFor();
    await page.keyboard.press('s');
    await button('Stop session').waitFor();
    await stop();
    await button('Start session').waitFor();
    await page.keyboard.press('s');
    await button('Stop session').waitFor();
    await back();
    await waitFor(async () => expect(await all()).toHaveLength(3));
    await waitFor(async () =>
      expect((await all()).map(({ state }) => state)).toEqual(['open', 'stopped', 'stopped']),
    );
    const [last, second, first] = await all();
    expect(Date.parse(first!.stoppedAt!)).toBeLessThanOrEqual(afterStopMs + ROUNDING_MS);
    expect(Date.parse(second!.startedAt)).toBeGreaterThanOrEqual(Date.parse(first!.stoppedAt!) - ROUNDING_MS);
    expect(Date.parse(last!.startedAt)).toBeGreaterThanOrEqual(Date.parse(second!.stoppedAt!) - ROUNDING_MS);
    await page.locator('.session-badge').getByText(last!.id).waitFor();
  });

  it('begins one session, also when only the answer was lost, and survives a reload', async () => {
    let answersArrive = false;
    let requests = 0;
    await intercept(async (route) => {
      requests++;
      if (answersArrive) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.keyboard.press('s');
    await page.keyboard.press('s');
    await page.locator('.session-badge').getByText('Not saved yet').waitFor();
    await waitFor(async () => expect(requests).toBeGreaterThan(1));
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    answersArrive = true;
    await page.locator('.session-badge b').getByText(/-\d+$/).waitFor();
    expect(await all()).toHaveLength(1);
    expect(await page.evaluate('sessionStorage.getItem("undertone.unsaved")')).toBeNull();
  });

  it('shows why the server refuses a start, and starts again with what was typed and pressed', async () => {
    const back = await away();
    await button('More…').click();
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Tuesday group');
    const tags = page.getByRole('textbox', { name: 'Tags, separated by commas' });
    await tags.fill('too long '.repeat(10));
    await startInForm();
    const afterStartMs = Date.now();
    await button('Stop session').waitFor();
    for (let n = 0; n < 2; n++) await page.keyboard.press('m');
    await page.keyboard.press('n');
    await page.keyboard.type('drums');
    await back();
    const kept = page.locator('.session-bar').getByText(/The session from .* is kept here, with 2 markers/);
    await kept.waitFor();
    await page.locator('.session-bar').getByText('Tags: at most 64 characters').waitFor();
    expect(await all()).toEqual([]);
    expect(await page.locator('.unsaved-badge').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    // Nothing of it is lost with the page.
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await kept.waitFor();
    await page.getByRole('link', { name: 'Stations', exact: true }).click();
    await page.locator('.unsaved-badge').click();
    await kept.waitFor();
    await button('More…').click();
    expect(await page.getByRole('textbox', { name: 'Title', exact: true }).inputValue()).toBe(
      'Tuesday group',
    );
    await tags.fill('short');
    await startInForm();
    await page.locator('.session-badge b').getByText(/-\d+$/).waitFor();
    const [session, ...others] = await all();
    expect(others).toEqual([]);
    expect(session).toMatchObject({ title: 'Tuesday group', tags: ['short'] });
    expect(Date.parse(session!.startedAt)).toBeLessThanOrEqual(afterStartMs + ROUNDING_MS);
    await waitFor(async () =>
      expect(await client().sessions.markers(session!.id)).toMatchObject([{ note: '' }, { note: 'drums' }]),
    );
    await waitFor(async () =>
      expect(await page.evaluate('sessionStorage.getItem("undertone.unsaved")')).toBeNull(),
    );
  });

  it('discards a refused session with its markers at the second press only', async () => {
    const body = JSON.stringify({ status: 409, code: 'as-tested', title: '', type: '', detail: 'Refused.' });
    let isRefused = false;
    await intercept((route) => (isRefused ? route.fulfill({ ...PROBLEM, body }) : route.abort()));
    await page.keyboard.press('s');
    await button('Stop session').waitFor();
    await page.keyboard.press('m');
    await page.getByText(/^Marker 1, /).waitFor();
    isRefused = true;
    await page.locator('.session-bar').getByText('Refused.').waitFor();
    await button('Start again').waitFor();
    await button('Discard session').click();
    await page.waitForTimeout(700); // A double press discards nothing.
    // One row on a phone, in the longest language too.
    const speak = async (language: string) => {
      await page.evaluate(`localStorage.setItem('undertone.language', '${language}')`);
      await page.reload();
    };
    await page.setViewportSize({ width: 390, height: 844 });
    await speak('fr');
    await button('Effacer la séance').waitFor();
    const tops = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.session-bar > .button, .session-bar > div > .button')].map((one) => one.getBoundingClientRect().top)",
    );
    expect(new Set(tops).size).toBe(1);
    await speak('en');
    await button('Discard session').click();
    await page.waitForTimeout(700);
    await button('Discard? session').click();
    await button('Start session').waitFor();
    expect(await page.evaluate('sessionStorage.getItem("undertone.unsaved")')).toBeNull();
  });

  it('goes on counting while other views are open', async () => {
    await client().sessions.start({ stream: 'booth', startedAt: Date.now() / 1000 - 5 });
    await button('Stop session').waitFor();
    const seconds = async () => {
      const text = await page.locator('.session-badge time').innerText();
      return text.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
    };
    const before = await seconds();
    // The page takes the server's clock from its hello, which a busy machine delivers late.
    expect(before).toBeGreaterThanOrEqual(4);
    await page.getByRole('link', { name: 'Stations', exact: true }).click();
    await page.waitForTimeout(3_000);
    await page.goBack();
    await button('Stop session').waitFor();
    expect(await seconds()).toBeGreaterThanOrEqual(before + 2);
  });

  it('shows a session that a program has stopped, with its report', async () => {
    await page.keyboard.press('s');
    await page.locator('.session-badge b').getByText(/-\d+$/).waitFor();
    const [session] = await all();
    await client().sessions.addMarker(session!.id);
    await client().sessions.stop(session!.id);
    const card = page.getByRole('complementary', { name: `Session ${session!.id}` });
    await card
      .getByText(/^Stopped at \d\d:\d\d:\d\d on another page or by a program\. Saved: .*, 1 marker\.$/)
      .waitFor();
    expect(await card.getByRole('link', { name: 'Report' }).getAttribute('href')).toContain(session!.id);
    expect(await violations(page)).toEqual([]);
    await card.getByRole('button', { name: 'Close' }).click();
    // One that is erased has nothing to show, and one of this page its own words.
    await page.keyboard.press('s');
    await page.locator('.session-badge b').getByText(/-\d+$/).waitFor();
    await client().sessions.erase((await all())[0]!.id);
    await button('Start session').waitFor();
    expect(await card.count()).toBe(0);
    await page.keyboard.press('s');
    await button('Stop session').waitFor();
    await stop();
    await page.getByText(/^Saved: /).waitFor();
  });

  it('shows a session that was stopped while the server could not be reached', async () => {
    const { id } = await client().sessions.start({ stream: 'booth' });
    await button('Stop session').waitFor();
    await page.context().setOffline(true);
    await page.route('**/v1/**', (route) => route.abort());
    await server.close();
    await server.restart();
    await client().sessions.stop(id);
    await page.unroute('**/v1/**');
    await page.context().setOffline(false);
    await page.getByText(/^Stopped at/).waitFor();
  });

  it('opens the note of the last marker with N, also after a reload and of another page', async () => {
    const note = page.locator('#session-note');
    const focused = () => page.evaluate('document.activeElement.id');
    await page.keyboard.press('s');
    await page.locator('.session-badge b').getByText(/-\d+$/).waitFor();
    const { id } = (await all())[0]!;
    // Without markers, it sets one: what is typed next is its note, and no shortcut.
    await page.keyboard.press('n');
    await page.keyboard.type('sums');
    await page.keyboard.press('Enter');
    await page.getByText(/^Marker 1, .* · saved$/).waitFor();
    await page.reload();
    await page.getByText(/^Marker 1, .* · saved$/).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.type(' up');
    await page.keyboard.press('Enter');
    await waitFor(async () =>
      expect(await client().sessions.markers(id)).toMatchObject([{ note: 'sums up' }]),
    );
    await client().sessions.addMarker(id, { note: 'by foot' });
    await page.locator('.session-badge').getByText('2 markers').waitFor();
    // The field does not change while somebody may be typing.
    expect(await note.inputValue()).toBe('sums up');
    await page.keyboard.press('n');
    expect(await focused()).toBe('session-note');
    expect(await note.inputValue()).toBe('by foot');
    await page.getByText(/^Marker 2, .* · saved$/).waitFor();
    expect(await client().sessions.markers(id)).toHaveLength(2);
    expect(await button('Stop session').count()).toBe(1);
  });

  it('loads only the marker that another page adds, changes or erases', async () => {
    const session = await client().sessions.start({ stream: 'booth' });
    for (let n = 0; n < 3; n++) await client().sessions.addMarker(session.id);
    await page.reload();
    const count = page.locator('.session-badge').getByText(/marker/);
    const shown = async () => Number.parseInt(await count.innerText(), 10);
    await waitFor(async () => expect(await shown()).toBe(3));
    const requests: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/v1/sessions')) requests.push(pathname);
    });
    const { id } = await client().sessions.addMarker(session.id);
    await waitFor(async () => expect(await shown()).toBe(4));
    await client().sessions.changeMarker(session.id, id, { note: 'harp' });
    await waitFor(async () => expect(requests).toHaveLength(2));
    await client().sessions.eraseMarker(session.id, id);
    await waitFor(async () => expect(await shown()).toBe(3));
    expect(requests).toEqual(Array(3).fill(`/v1/sessions/${session.id}/markers/${id}`));
    await client().sessions.stop(session.id);
    await button('Start session').waitFor();
    await waitFor(async () => expect(requests.slice(3)).toEqual([`/v1/sessions/${session.id}`]));
  });
});
