import type { Page } from 'playwright-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { describeInBrowser, WAIT } from './describe-in-browser.ts';
import { useRealServer } from './real-server.ts';

describeInBrowser('where pages begin', {}, (browser) => {
  const server = useRealServer();
  const { client } = server;
  let page: Page;

  beforeEach(async () => {
    const { sessions } = client();
    const nowSeconds = Date.now() / 1000;
    for (let i = 0; i < 40; i++)
      await sessions.start({
        stream: 'booth',
        title: `Session ${i}`,
        tags: i % 2 === 0 ? ['even'] : [],
        startedAt: nowSeconds - 600 - i,
        stoppedAt: nowSeconds - 300 - i,
      });
    page = await browser.open(`${server.url}#sessions`, { viewport: { width: 1440, height: 600 } });
    await page.locator('.sessions-row').nth(39).waitFor();
  });

  const scrolled = () => page.evaluate<number>('scrollY');
  const focused = () => page.evaluate<string>('document.activeElement.textContent');
  const waitFor = (check: () => Promise<void>) => vi.waitFor(check, WAIT);
  async function scrollTo(y: number): Promise<void> {
    await page.mouse.wheel(0, y);
    await waitFor(async () => expect(await scrolled()).toBe(y));
  }

  it('at the top when a link opens them, with the focus on their heading; back where they were', async () => {
    const link = page.getByRole('link', { name: /^Session 20/ });
    await link.scrollIntoViewIfNeeded();
    await expect.poll(scrolled, WAIT).toBeGreaterThan(300);
    const before = await scrolled();
    await link.click();
    await page.getByRole('heading', { name: 'Session 20' }).waitFor();
    await waitFor(async () => expect(await focused()).toBe('Session 20'));
    expect(await scrolled()).toBe(0);
    await scrollTo(200);
    await page.goBack();
    await waitFor(async () => expect(await scrolled()).toBe(before));
    expect(await focused()).toBe('Sessions');
    await page.goForward();
    await waitFor(async () => expect(await scrolled()).toBe(200));

    // A page that is loaded when it is opened, from a link of the header.
    await page.getByRole('link', { name: 'Set-up' }).click();
    await waitFor(async () => expect(await focused()).toBe('Set-up'));
    expect(await scrolled()).toBe(0);
    await page.goBack();
    await page.goBack();
    await waitFor(async () => expect(await scrolled()).toBe(before));
    await page.reload();
    await waitFor(async () => expect(await scrolled()).toBe(before));
  });

  it('with what they need: the pages of sessions are loaded when one is opened, once', async () => {
    const live = await browser.open(server.url);
    const loaded = () =>
      live.evaluate<string[]>(`performance.getEntriesByType('resource').map(({ name }) => name)`);
    const ofSessions = async () => (await loaded()).filter((name) => /session(s)?-page-.*\.js$/.test(name));
    await live.locator('.connection[data-state=open]').waitFor();
    expect(await ofSessions()).toEqual([]);
    await live.getByRole('link', { name: 'Sessions', exact: true }).click();
    await live.locator('.sessions-row').first().waitFor();
    expect(await ofSessions()).toHaveLength(1);
    await live.goBack();
    await live.locator('.session-bar').waitFor();
    await live.goForward();
    await live.locator('#content.sessions-page').waitFor();
    expect(await ofSessions()).toHaveLength(1);
  });

  it('at the top for a tag, but a search keeps the field in focus', async () => {
    await page
      .locator('.sessions-row', { hasText: 'even' })
      .nth(10)
      .getByRole('link', { name: 'even' })
      .click();
    await page.getByText('Tag “even”').waitFor();
    await waitFor(async () => expect(await focused()).toBe('Sessions'));
    expect(await scrolled()).toBe(0);
    const search = page.getByLabel('Search', { exact: true });
    await search.pressSequentially('Session 2');
    await waitFor(async () => expect(new URL(page.url()).hash).toContain('q=Session%202'));
    // A key that is pressed while the list follows those before is not lost.
    await page.evaluate(`
      const replace = history.replaceState.bind(history);
      history.replaceState = (...to) => {
        replace(...to);
        history.replaceState = replace;
        const field = document.activeElement;
        field.value += '5';
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }`);
    await page.keyboard.press('Backspace');
    await waitFor(async () => expect(new URL(page.url()).hash).toContain('q=Session%205&'));
    expect(await search.inputValue()).toBe('Session 5');
    expect(await search.evaluate((field) => field.matches(':focus'))).toBe(true);
  });
});
