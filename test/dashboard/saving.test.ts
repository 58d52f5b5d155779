import type { Page, Route } from 'playwright-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { violations } from './axe.ts';
import { describeInBrowser, WAIT } from './describe-in-browser.ts';
import { useRealServer } from './real-server.ts';

/** Requests that fail on purpose. */
const FAILS = /Failed to load resource|WebSocket connection to .* failed:/;
const PROBLEM = { contentType: 'application/problem+json' };

describeInBrowser('what is typed in a browser', { ignore: FAILS }, (browser) => {
  const server = useRealServer();
  const { client, step } = server;
  let page: Page;
  let id: string;

  beforeEach(async () => {
    id = (await client().sessions.start({ stream: 'booth', startedAt: Date.now() / 1000 - 5 })).id;
  });

  const stored = () => client().sessions.get(id);
  const waitFor = (check: () => Promise<void>) => vi.waitFor(check, WAIT);
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });

  async function open(hash = `#session=${id}`): Promise<void> {
    page = await browser.open(`${server.url}${hash}`);
    await page.locator('.connection[data-state=open]').waitFor();
  }
  /** Answers requests of a method by hand from now on; returns a function that ends it. */
  async function intercept(
    method: string,
    answer: (route: Route) => Promise<void>,
  ): Promise<() => Promise<void>> {
    const path = `**/v1/sessions/${id}**`;
    const handler = (route: Route) =>
      route.request().method() === method ? answer(route) : route.continue();
    await page.route(path, handler);
    return () => page.unroute(path, handler);
  }

  it('is sent again after the server was away: title, tags, notes, markers and their notes', async () => {
    await open();
    await page.getByRole('button', { name: 'Add marker here' }).click();
    await page.getByLabel('Note for marker 1').waitFor();
    await server.close();
    await page.locator('.connection[data-state=waiting]').waitFor();
    await field('Title').fill('Evening');
    await field('Tags, separated by commas').fill('harp, group');
    await field('Notes').fill('Breathing slows');
    await page.getByLabel('Note for marker 1').fill('Eyes closed');
    await page.getByRole('button', { name: 'Add marker here' }).click();
    await page.locator('.details-field').getByText('Not saved yet').nth(2).waitFor();
    await waitFor(async () => expect(await page.getByText('Not saved yet').count()).toBe(5));
    expect(await violations(page)).toEqual([]);
    // Still being typed when the server is back.
    await field('Record number').pressSequentially('R-17');
    await server.restart();
    await waitFor(async () =>
      expect(await stored()).toMatchObject({
        title: 'Evening',
        tags: ['harp', 'group'],
        notes: 'Breathing slows',
        markers: 2,
      }),
    );
    await waitFor(async () =>
      expect(await page.locator('.details-field').getByText('Saved.').count()).toBe(3),
    );
    expect((await client().sessions.markers(id)).map(({ note }) => note).toSorted()).toEqual([
      '',
      'Eyes closed',
    ]);
    await waitFor(async () => expect(await page.getByText('Not saved yet').count()).toBe(0));
    expect(await field('Record number').inputValue()).toBe('R-17');
    await field('Record number').blur();
    await waitFor(async () => expect((await stored()).recordNumber).toBe('R-17'));
  });

  it('is not overwritten by the answer to an older text', async () => {
    await open();
    let answerFirst = () => {};
    const until = new Promise<void>((resolve) => {
      answerFirst = resolve;
    });
    const end = await intercept('PATCH', async (route) => {
      await until;
      await route.continue();
    });
    await field('Notes').fill('Old');
    await field('Title').focus();
    await field('Notes').fill('Old and new');
    answerFirst();
    await waitFor(async () => expect((await stored()).notes).toBe('Old'));
    await end();
    expect(await field('Notes').inputValue()).toBe('Old and new');
    await field('Title').focus();
    await waitFor(async () => expect((await stored()).notes).toBe('Old and new'));
  });

  it('stays in its field with the sentence of a server that does not accept it', async () => {
    await open();
    const sentence = 'The request is invalid: title: expected something else.';
    const problem = { status: 422, code: 'as-tested', title: '', type: 'about:blank', detail: sentence };
    const end = await intercept('PATCH', (route) =>
      route.fulfill({ ...PROBLEM, status: 422, body: JSON.stringify(problem) }),
    );
    await field('Title').fill('Evening');
    await field('Title').blur();
    await page.getByRole('alert').filter({ hasText: sentence }).waitFor();
    expect(await field('Title').inputValue()).toBe('Evening');
    // It is there after a look at another page, too.
    await page.getByRole('link', { name: 'Sessions', exact: true }).click();
    await page.getByRole('link', { name: `Session ${id}: Not saved` }).click();
    await page.getByRole('alert').filter({ hasText: sentence }).waitFor();
    expect(await field('Title').inputValue()).toBe('Evening');
    await end();
    await field('Title').fill('Evening 2');
    await field('Title').blur();
    await page.locator('.details-field').getByText('Saved.').waitFor();
    expect((await stored()).title).toBe('Evening 2');
    expect(await page.getByText(sentence).count()).toBe(0);
  });

  it('asks before the page is left, and is sent after a reload of the page', async () => {
    await open();
    const end = await intercept('PATCH', (route) => route.abort());
    await field('Title').fill('Evening');
    await field('Title').blur();
    await page.locator('.details-field').getByText('Not saved yet').waitFor();
    await page.getByRole('link', { name: 'Stations', exact: true }).click();
    await page.getByRole('link', { name: `Session ${id}: Not saved yet` }).waitFor();
    await page.goBack();
    await field('Notes').fill('Half a sentence');
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await page.reload();
    expect(asked).toEqual(['beforeunload']);
    await end();
    await waitFor(async () =>
      expect(await stored()).toMatchObject({ title: 'Evening', notes: 'Half a sentence' }),
    );
    await waitFor(async () =>
      expect(await page.evaluate('sessionStorage.getItem("undertone.unsaved")')).toBeNull(),
    );
    await page.reload();
    expect(asked).toEqual(['beforeunload']);
  });

  it('stores a marker once, also when only the answer was lost', async () => {
    await open('#stream=booth');
    let lost = 0;
    const end = await intercept('POST', async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Stop session' }).waitFor();
    step(2);
    await page.keyboard.press('m');
    await page.getByText(/^Marker 1, .* · not saved yet$/).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.type('drums');
    await page.keyboard.press('Enter');
    await page.getByText(/^Marker 1, .* · saved$/).waitFor();
    await end();
    expect(await client().sessions.markers(id)).toMatchObject([{ note: 'drums' }]);
  });

  it('adds what is typed after N to the label of a key', async () => {
    await open('#stream=booth');
    await page.evaluate(`localStorage.setItem('undertone.markerKeys', '["sighs"]')`);
    await page.reload();
    await page.getByRole('button', { name: 'Stop session' }).waitFor();
    await page.keyboard.press('1');
    await page.getByText(/^Marker 1, .* · saved$/).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.type(' deeply');
    await page.keyboard.press('Enter');
    await waitFor(async () =>
      expect(await client().sessions.markers(id)).toMatchObject([{ note: 'sighs deeply' }]),
    );
  });

  it('keeps the note of a marker that the server does not accept, and what a session was to start with', async () => {
    await open('#stream=booth');
    const sentence = 'A sentence of the server.';
    const problem = { status: 409, code: 'as-tested', title: '', type: 'about:blank', detail: sentence };
    const refuse = (route: Route) =>
      route.fulfill({ ...PROBLEM, status: 409, body: JSON.stringify(problem) });
    await page.getByRole('button', { name: 'Stop session' }).waitFor();
    step(2);
    await page.keyboard.press('m');
    await page.getByText(/^Marker 1, .* · saved$/).waitFor();
    const end = await intercept('PATCH', refuse);
    await page.locator('#session-note').fill('drums');
    await page.locator('#session-note').blur();
    await page.locator('.session-bar').getByText(sentence).waitFor();
    expect(await page.locator('#session-note').inputValue()).toBe('drums');
    await end();

    await client().sessions.stop(id);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.route('**/v1/sessions', (route) =>
      route.request().method() === 'POST' ? refuse(route) : route.continue(),
    );
    await page.getByRole('button', { name: 'More…' }).click();
    await field('Title').fill('Tuesday group');
    await page.locator('.popover-form:popover-open button').click();
    await page.locator('.session-bar').getByText(sentence).waitFor();
    await page.getByRole('button', { name: 'More…' }).click();
    expect(await field('Title').inputValue()).toBe('Tuesday group');
  });

  it('keeps an addendum until it is stored', async () => {
    await client().sessions.stop(id);
    await client().sessions.sign(id, 'A. Vale');
    await open();
    const end = await intercept('POST', (route) => route.abort());
    await field('Addendum').fill('Slept well after.');
    await field('Your name').fill('B. Dale');
    await page.getByRole('button', { name: 'Add addendum' }).click();
    await page.locator('.details-addendum').getByText('Not saved yet').waitFor();
    await page.reload();
    await end();
    await page.locator('.details-signed li', { hasText: 'Slept well after.' }).waitFor();
    expect(await client().sessions.addenda(id)).toHaveLength(1);
  });
});
