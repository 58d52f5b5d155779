import { existsSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DASHBOARD_FOLDER } from '../../../src/server/http/dashboard-files.ts';
import { findBrowser, sharedBrowser } from '../../dashboard/browser.ts';
import { manualSource, startServer } from '../support.ts';

const executable = findBrowser();
const built = existsSync(`${DASHBOARD_FOLDER}/index.html`);
const missing = executable === undefined ? 'no Chromium or Chrome' : built ? '' : 'npm run build';
if (missing !== '')
  console.warn(`The browser test of the server's headers is skipped: ${missing} is missing.`);

describe.skipIf(missing !== '')('the dashboard', () => {
  test('does not violate its content security policy, and lists active alerts', async () => {
    const a = manualSource('demo:');
    const server = await startServer({
      token: 'sesame',
      plan: {
        streams: [{ name: 'booth', source: 'demo:' }],
        alerts: [{ name: 'quiet', when: 'silence', for: '0.5s', hold: '0.5s' }],
        keep: undefined,
        remote: { schemes: [], folders: [], privateNetworks: new (await import('node:net')).BlockList() },
      },
      open: async () => ({ source: a.source }),
    });
    const page = await (await sharedBrowser(executable!)).newPage();
    onTestFinished(() => page.close());
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (event) => console.error(event.violatedDirective, event.blockedURI));`,
    );
    await page.goto(`${server.url}?token=sesame`);
    await page.locator('.connection[data-state=open]').waitFor();
    const strip = page.locator('.alerts');
    const button = strip.getByRole('button');
    expect(await button.isVisible()).toBe(false);
    await a.steps(7); // Every seventh frame of the fake tracker is silent.
    await button.waitFor();
    expect(await button.innerText()).toMatch(/^Alert\s+Silence for 0\.5 s$/);
    await button.click();
    const list = page.getByRole('list', { name: 'Alerts' });
    expect(await list.innerText()).toMatch(/booth\s+Silence for 0\.5 s\s+since \d/);
    await page.keyboard.press('Escape');
    if (process.env.UNDERTONE_SHOTS)
      await page.screenshot({ path: `${process.env.UNDERTONE_SHOTS}/alerts.png` });
    await a.steps(3);
    await button.waitFor({ state: 'hidden' });
    expect(errors).toEqual([]);
  });
});
