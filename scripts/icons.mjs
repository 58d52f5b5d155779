// Makes the icons of the installable page in dashboard/public/ from dashboard/favicon.svg, with a Chromium or Chrome:
//   node scripts/icons.mjs [PATH OF THE BROWSER]
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const executablePath = process.argv[2] ?? process.env.CHROME_PATH ?? '/usr/bin/chromium';
const icon = new URL('../dashboard/favicon.svg', import.meta.url);
const target = (name) => new URL(`../dashboard/public/${name}`, import.meta.url);
const svg = readFileSync(icon, 'utf8');
// A system may cut a maskable icon to any shape: the ground fills it, the picture stays in the middle 70 %.
const maskable = svg
  .replace(
    /<rect [^>]*\/>/,
    '<rect width="32" height="32" fill="#15181e" /><g transform="translate(4.8 4.8) scale(0.7)">',
  )
  .replace('</svg>', '</g></svg>');

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const [name, text, size] of [
  ['icon-192.png', svg, 192],
  ['icon-512.png', svg, 512],
  ['icon-maskable-512.png', maskable, 512],
]) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${text}`,
  );
  writeFileSync(target(name), await page.screenshot({ omitBackground: true }));
}
await browser.close();
copyFileSync(icon, target('icon.svg'));
