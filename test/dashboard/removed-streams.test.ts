import { BlockList } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { manualSource, startServer, tempFolder } from '../server/support.ts';
import { violations } from './axe.ts';
import { describeInBrowser, WAIT } from './describe-in-browser.ts';

const dashboardFolder = fileURLToPath(new URL('../../dist/dashboard', import.meta.url));
const remote = { schemes: ['demo:'], folders: [], privateNetworks: new BlockList() };

// One page asks for a stream that never was, and one is offline for a while.
const ignore = /404 \(Not Found\)|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|WebSocket connection to/;

/** Pages of a real server, on which other clients remove and rename streams. */
describeInBrowser('streams that are removed or renamed elsewhere', { ignore }, (browser) => {
  async function serve(...names: readonly string[]) {
    const sources = new Map<string, ReturnType<typeof manualSource>>();
    const server = await startServer({
      dashboardFolder,
      plan: { streams: [], alerts: [], keep: undefined, remote },
      open: async ({ name, source }) => {
        const manual = manualSource(source);
        sources.set(name, manual);
        return { source: manual.source };
      },
    });
    const { streams } = createClient({ url: server.url });
    for (const name of names) {
      await streams.add({ name, source: 'demo:' });
      await sources.get(name)!.steps(5);
    }
    return {
      ...{ server, streams, sources },
      steps: (name: string) => sources.get(name)!.steps(3),
    };
  }
  type Server = Awaited<ReturnType<typeof serve>>;

  const open = async ({ server }: Server, hash: string, locale = 'en-US') => {
    const page = await browser.open(`${server.url}${hash}`, { locale });
    await page.locator('.connection[data-state=open]').waitFor();
    return page;
  };
  /** Steps go on until the page shows them: without one for some seconds, it is not live. */
  const isLive = (page: Page, { steps }: Server, name: string) =>
    expect
      .poll(async () => {
        await steps(name);
        return page.locator('.connection').innerText();
      }, WAIT)
      .toContain('Live');
  const hashOf = (page: Page) => page.evaluate<string>('location.hash');
  const tiles = (page: Page) => page.locator('.wall-tile-name').allInnerTexts();
  const focused = (page: Page) => page.evaluate<string>('document.activeElement.innerText');
  /** Whether the keyboard is somewhere on the page. */
  const hasFocus = (page: Page) => page.evaluate<boolean>('document.activeElement !== document.body');
  const gone = (page: Page, name: string) =>
    page.locator(`[data-stream="${name}"]`).waitFor({ state: 'detached' });

  it('leave the wall at once, and the keyboard stays on the tile beside', async () => {
    const server = await serve('a', 'b', 'c');
    const wall = await open(server, '#wall');
    const table = await open(server, '#wall');
    await table.getByRole('button', { name: 'Table' }).click();
    await wall.locator('[data-stream=b] a').focus();
    // Another page removes it.
    const setup = await open(server, '#setup');
    const remove = setup.locator('[data-stream=b] .confirm-button');
    await remove.click();
    await setup.waitForTimeout(700); // A double press does nothing.
    await remove.click();
    for (const page of [wall, table, setup]) await gone(page, 'b');
    expect(await tiles(wall)).toEqual(['a', 'c']);
    await wall.getByRole('status').getByText('The stream b was removed.').waitFor();
    await expect.poll(() => focused(wall), WAIT).toMatch(/^c\b/);
    await expect.poll(() => hasFocus(setup), WAIT).toBe(true);

    await server.streams.rename('c', 'stage');
    for (const page of [wall, table, setup]) await page.locator('[data-stream=stage]').waitFor();
    expect(await tiles(wall)).toEqual(['a', 'stage']);
    await expect.poll(() => focused(wall), WAIT).toMatch(/^stage\b/);
    await server.steps('stage');
    await wall.locator('[data-stream=stage] .wall-tile-word', { hasText: 'Excited' }).waitFor();
    expect(await wall.locator('[data-stream=stage] .wall-tile-note').innerText()).toBe('built-in demo');
    // A page that is opened later never had them.
    expect(await tiles(await open(server, '#wall'))).toEqual(['a', 'stage']);
    expect(await violations(wall)).toEqual([]);
  });

  it('change the address of the pages that show them', async () => {
    const server = await serve('a', 'b', 'c');
    const live = await open(server, '#stream=b');
    const booth = await open(server, '#booth=a,b');
    const settings = await open(server, '#setup=b');
    await settings.locator('h2', { hasText: 'b' }).waitFor();
    await booth.locator('[data-stream=b] .deck-stream').focus();
    await booth.keyboard.press('Escape');
    await server.streams.rename('b', 'stage');
    await live.locator('.picker-name', { hasText: 'stage' }).waitFor();
    await booth.locator('[data-stream=stage]').waitFor();
    await settings.locator('h2', { hasText: 'stage' }).waitFor();
    expect(await Promise.all([live, booth, settings].map(hashOf))).toEqual([
      '#stream=stage',
      '#booth=a,stage',
      '#setup=stage',
    ]);
    expect(await live.title()).toBe('stage – undertone');
    expect(await live.evaluate('history.length')).toBe(2);
    const deck = () => booth.evaluate('document.activeElement.closest("[data-stream]")?.dataset.stream');
    await expect.poll(deck, WAIT).toBe('stage');
    await isLive(live, server, 'stage');

    // The deck that plays stays the one that plays.
    await booth.keyboard.press('Escape');
    await booth.getByRole('button', { name: 'Deck 2 plays' }).click();
    await server.streams.remove('a');
    await gone(booth, 'a');
    expect(await booth.locator('.deck[data-active=true]').getAttribute('data-stream')).toBe('stage');
    expect(await hashOf(booth)).toBe('#booth=stage');
    expect(await booth.locator('.deck').count()).toBe(2); // c has taken its place.
  });

  it('keep what this device knows of them', async () => {
    const server = await serve('b');
    const until = Date.now() + 3_600_000;
    const kept = {
      cues: { b: [{ axis: 'valence', side: 'above', value: 0.2 }] },
      targets: { b: { valence: 0.4, arousal: -0.1 } },
      alerts: { sound: false, acknowledged: [], mute: { b: until } },
    };
    const localStorage = Object.entries(kept).map(([name, value]) => ({
      name: `undertone.${name}`,
      value: JSON.stringify(value),
    }));
    const origin = new URL(server.server.url).origin;
    const page = await browser.open(`${server.server.url}#wall`, {
      storageState: { cookies: [], origins: [{ origin, localStorage }] },
    });
    await page.locator('[data-stream=b]').waitFor();
    await server.streams.rename('b', 'stage');
    await page.locator('[data-stream=stage]').waitFor();
    const now = await page.evaluate<string[]>(
      "['cues', 'targets', 'alerts'].map((name) => localStorage.getItem('undertone.' + name))",
    );
    expect(now.map((text) => JSON.parse(text))).toEqual([
      { stage: kept.cues.b },
      { stage: kept.targets.b },
      { ...kept.alerts, mute: { stage: until } },
    ]);
  });

  it('keep their curve from before they were renamed, on open pages and on new ones', async () => {
    const server = await serve('a', 'b');
    await server.sources.get('b')!.steps(40);
    const page = await open(server, '#stream=b');
    const rowsOf = async (of: Page) => {
      await of.getByRole('button', { name: 'Table', exact: true }).click();
      const rows = await of.locator('.timeline-table tbody tr').count();
      await of.getByRole('button', { name: /Close/ }).first().click();
      return rows;
    };
    await expect.poll(() => rowsOf(page), WAIT).toBeGreaterThan(10);
    const before = await rowsOf(page);
    await server.streams.rename('b', 'stage');
    await page.locator('.picker-name', { hasText: 'stage' }).waitFor();
    await server.steps('stage');
    expect(await rowsOf(page)).toBeGreaterThanOrEqual(before);
    const later = await open(server, '#stream=stage');
    await expect.poll(() => rowsOf(later), WAIT).toBeGreaterThanOrEqual(before);
    // As is the rest of the log.
    await server.streams.rename('stage', 'main');
    await later.locator('.picker-name', { hasText: 'main' }).waitFor();
    await later.reload();
    await expect.poll(() => rowsOf(later), WAIT).toBeGreaterThanOrEqual(before);
  });

  it('are removed streams too where the configuration drops them over a restart', async () => {
    const dataDir = tempFolder();
    const start = (port: number, ...names: readonly string[]) =>
      startServer({
        ...{ dataDir, port, dashboardFolder, open: async () => ({ source: manualSource().source }) },
        plan: {
          ...{ alerts: [], keep: undefined, remote },
          streams: names.map((name) => ({ name, source: 'demo:' })),
        },
      });
    const first = await start(0, 'a', 'b');
    const wall = await browser.open(`${first.url}#wall`);
    const live = await browser.open(`${first.url}#stream=b`);
    await wall.locator('[data-stream=b]').waitFor();
    await live.locator('.connection[data-state=open]').waitFor();
    const { port } = first;
    await first.close();
    await wall.locator('.connection[data-state=waiting]').waitFor();
    await start(port, 'a');
    await gone(wall, 'b');
    await wall.getByRole('status').getByText('The stream b was removed.').waitFor();
    expect(await tiles(wall)).toEqual(['a']);
    await live.locator('.mood', { hasText: 'Removed' }).waitFor();
    await live.locator('.picker-button').click();
    expect(await live.locator('.picker-option-name').allInnerTexts()).toEqual(['a']);
  });

  it('stay on the live page as removed, until another view is opened', async () => {
    const server = await serve('a', 'b');
    const page = await open(server, '#stream=b');
    await isLive(page, server, 'b');
    await server.streams.remove('b');
    await page.locator('.mood', { hasText: 'Removed' }).waitFor();
    expect(await page.locator('.stream-note').innerText()).toContain('This stream was removed.');
    // A session would have nothing to record.
    expect(await page.getByRole('button', { name: 'Start session' }).isDisabled()).toBe(true);
    expect(await hashOf(page)).toBe('#stream=b');
    await page.locator('.picker-button').click();
    expect(await page.locator('.picker-option-name').allInnerTexts()).toEqual(['a']);
    await page.keyboard.press('Escape');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.locator('.wall-page').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.locator('.picker-name', { hasText: 'a' }).waitFor();
    // The last one.
    await page.locator('.picker-button').focus();
    await server.streams.remove('a');
    await page.getByRole('button', { name: /Listen to this computer/ }).waitFor();
    await expect.poll(() => hasFocus(page), WAIT).toBe(true);
    await expect.poll(() => hashOf(page), WAIT).toBe('');
  });

  it('keep their station, which says that they are removed or have another name, with times of 24 hours', async () => {
    const server = await serve('a', 'b', 'c');
    const page = await open(server, '#stations=b');
    const note = (text: string) => page.locator('.stations-page > .station-hint', { hasText: text });
    const ticks = page.locator('.lane-ticks').first();
    await ticks.getByText('15:00').waitFor();
    expect(await page.locator('.stations-page').innerText()).not.toMatch(/[AP]M\b/);
    expect(await page.locator('.stations-page > .station-hint').count()).toBe(0);
    await server.streams.remove('b');
    await note('This stream was removed. The log has what it sent until then.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.evaluate("location.hash = '#stations=never'");
    await note('The server has no stream of this name now.').waitFor();
    await page.evaluate("location.hash = '#stations=c'");
    await server.streams.rename('c', 'stage');
    await note('The stream c is now called stage.').getByRole('link').click();
    await page.waitForURL(/#stations=stage$/);
  });

  it('are followed by a page that was not connected meanwhile', async () => {
    const server = await serve('a', 'b', 'c');
    const page = await open(server, '#stream=b');
    await isLive(page, server, 'b');
    await page.context().setOffline(true);
    await page.locator('.connection[data-state=waiting]').waitFor();
    await server.streams.rename('b', 'stage');
    await server.streams.remove('c');
    await server.steps('stage');
    await page.context().setOffline(false);
    await page.locator('.picker-name', { hasText: 'stage' }).waitFor();
    await page.locator('.picker-button').click();
    expect(await page.locator('.picker-option-name').allInnerTexts()).toEqual(['a', 'stage']);
    // As is a bookmark.
    const later = await open(server, '#booth=b,a');
    await later.locator('[data-stream=stage]').waitFor();
    expect(await hashOf(later)).toBe('#booth=stage,a');
  });

  it('are named in the language of the page', async () => {
    const server = await serve('a', 'b');
    const page = await open(server, '#stream=b', 'es-ES');
    await server.streams.remove('b');
    await page.locator('.mood', { hasText: 'Quitado' }).waitFor();
    expect(await page.locator('.stream-note').innerText()).toContain('Este flujo se ha quitado.');
    await page.locator('.picker-button').click();
    await page.locator('.picker-option', { hasText: 'a' }).click(); // By mouse.
    const reason = { code: 'http-status', values: { status: 404 } };
    await server.sources.get('a')!.notice('It answered 404: trying again until it is back.', reason);
    const words = 'El servidor respondió 404 en lugar de enviar sonido. El servidor lo sigue intentando';
    await page.locator('.stream-note', { hasText: words }).waitFor();
    await page.locator('.events li', { hasText: words }).waitFor();
    const setup = await open(server, '#setup', 'es-ES');
    await setup.locator('[data-stream=a] .setup-message', { hasText: words }).waitFor();
    await server.server.hub.stop('a');
    await page.locator('.stream-note', { hasText: 'El flujo se detuvo a petición.' }).waitFor();
  });
});
