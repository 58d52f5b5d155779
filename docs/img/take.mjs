// Takes the README's pictures from a running server:
//   node dist/cli.js serve --source demo: &   # wait three minutes, so that the chart is full
//   node docs/img/take.mjs http://127.0.0.1:8787/
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const url = process.argv[2] ?? 'http://127.0.0.1:8787/';
const executablePath =
  process.env.CHROME_PATH ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
});
for (const colorScheme of ['light', 'dark']) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
  await page.goto(url);
  await page.locator('.connection[data-state=open]').waitFor();
  // A few steps, so that the point has come to where it belongs.
  await page.waitForTimeout(4000);
  await page.screenshot({ path: fileURLToPath(new URL(`dashboard-${colorScheme}.png`, import.meta.url)) });
  await page.close();
}
await browser.close();
