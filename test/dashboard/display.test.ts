import type { CDPSession, Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { manualSource, startServer } from '../server/support.ts';
import { describeInBrowser, WAIT } from './describe-in-browser.ts';

/** Keeps the wake locks that the browser itself gives, in `locks`. */
const KEEP_LOCKS = `
  globalThis.locks = [];
  const request = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (type) => {
    const lock = await request(type);
    globalThis.locks.push(lock);
    return lock;
  };
`;

describeInBrowser('the display of the page', { ignore: /./, init: KEEP_LOCKS }, (browser) => {
  async function open(hash: string): Promise<Page> {
    const booth = manualSource();
    const { url } = await startServer({ sources: [{ name: 'booth', source: booth.source }] });
    await booth.steps(4);
    const page = await browser.open(`${url}${hash}`);
    page.setDefaultTimeout(60_000); // The machine may be busy.
    await page.locator('.connection[data-state=open]').waitFor({ state: 'attached' });
    return page;
  }
  /** Wake locks that are held. */
  const held = (page: Page) =>
    page.evaluate<number>('globalThis.locks.filter(({ released }) => !released).length');
  const isFull = (page: Page) => page.evaluate<boolean>('document.fullscreenElement !== null');

  it('F fills the screen and keeps it on; F again, or leaving in another way, ends both', async () => {
    const page = await open('#stream=booth');
    expect(await held(page)).toBe(0);
    await page.keyboard.press('f');
    await vi.waitFor(async () => expect(await isFull(page)).toBe(true), WAIT);
    await page.locator(':root[data-wall]').waitFor();
    await vi.waitFor(async () => expect(await held(page)).toBe(1), WAIT);
    // As the browser's own Escape does, which a page does not receive.
    await page.evaluate('document.exitFullscreen()');
    await page.locator(':root:not([data-wall])').waitFor();
    await vi.waitFor(async () => expect(await held(page)).toBe(0), WAIT);
  });

  it('the wall, the booth and the wall display keep the screen on, one lock at a time', async () => {
    const page = await open('#wall');
    for (const hash of ['#booth', '#stream=booth&wall=1', '#wall']) {
      await vi.waitFor(async () => expect(await held(page)).toBe(1), WAIT);
      await page.evaluate(`location.hash = '${hash}'`);
    }
    await vi.waitFor(async () => expect(await held(page)).toBe(1), WAIT);
    await page.evaluate("location.hash = '#sessions'");
    await vi.waitFor(async () => expect(await held(page)).toBe(0), WAIT);
  });

  it('can be installed: the browser accepts its manifest and icons under the policy of the server', async () => {
    const page = await open('#stream=booth');
    const session: CDPSession = await page.context().newCDPSession(page);
    const { data, errors } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const { icons, start_url, display } = JSON.parse(data!) as {
      icons: { src: string; sizes: string; type: string; purpose: string }[];
      start_url: string;
      display: string;
    };
    expect({ start_url, display }).toEqual({ start_url: './', display: 'standalone' });
    for (const { src, sizes, type } of icons) {
      const response = await page.request.get(new URL(src, page.url()).href);
      expect(response.headers()['content-type']!.split(';')[0]).toBe(type);
      if (type !== 'image/png') continue;
      const png = await response.body(); // Width and height are in its first chunk.
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
    }
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    const names = installabilityErrors.map(({ errorId }) => errorId);
    // A window without a profile, as tests have it, installs nothing.
    expect(names.filter((name) => name !== 'in-incognito')).toEqual([]);
  });
});
