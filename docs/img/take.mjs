// Takes the README's pictures from the program itself: live dashboard, booth, a session's report, `undertone next`, an
// alert.
//
//   npm run build && node docs/img/take.mjs FOLDER
//
// FOLDER holds three or more recordings for `undertone next`; the first one in alphabetical order is the one that
// plays. The first and the last are on the decks of the booth. Takes about four minutes, so that the chart is full. CHROME_PATH names the browser where none is found.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const music = process.argv[2];
if (!music) throw new Error('Name a folder with recordings: node docs/img/take.mjs FOLDER');
const picture = (name) => fileURLToPath(new URL(name, import.meta.url));
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const PORT = 8799;
const STATION_PORT = 8798;
const URL_BASE = `http://127.0.0.1:${PORT}/`;
const folder = mkdtempSync(join(tmpdir(), 'undertone-pictures-'));

/** WAV, 16 kHz, mono, 16 bits: 40 s of a chord, then two minutes of silence, as of a station that goes off the air. */
function offAir() {
  const rate = 16_000;
  const samples = new Int16Array(rate * 160);
  for (let i = 0; i < 40 * rate; i++) {
    const t = i / rate;
    const chord = [220, 277.2, 329.6].reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * t), 0);
    samples[i] = 5_000 * chord * (0.6 + 0.4 * Math.sin(2 * Math.PI * 2 * t));
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(2 * rate, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

const recordings = readdirSync(music)
  .filter((file) => /\.(ogg|mp3|flac|wav|opus)$/.test(file))
  .sort();
const station = createServer((_request, response) =>
  response.setHeader('content-type', 'audio/wav').end(offAir()),
);
await new Promise((resolve) => station.listen(STATION_PORT, '127.0.0.1', resolve));
const config = join(folder, 'undertone.json');
writeFileSync(
  config,
  JSON.stringify({
    streams: [
      { name: 'booth', source: 'demo:' },
      ...[recordings.at(0), recordings.at(-1)].map((file, i) => ({
        name: `deck-${i + 1}`,
        source: `file:${resolve(music, file)}?loop=1`,
      })),
      {
        name: 'on-air',
        source: `http://127.0.0.1:${STATION_PORT}/live`,
        alerts: [{ name: 'dead-air', when: 'silence', for: '20s' }],
      },
    ],
  }),
);
const server = spawn(
  process.execPath,
  [CLI, 'serve', '--config', config, '--port', String(PORT), '--data-dir', join(folder, 'data')],
  { stdio: 'inherit' },
);
const executablePath =
  process.env.CHROME_PATH ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
});
try {
  for (;;) {
    if (
      await fetch(`${URL_BASE}readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    await wait(500);
  }
  const post = async (path, body) => {
    const answer = await fetch(`${URL_BASE}v1/sessions${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  const { id } = await post('', { stream: 'booth', title: 'Tuesday group', tags: ['receptive'] });

  await wait(75_000);
  const alert = await open('light', { width: 1440, height: 900 }, '#stream=on-air');
  await alert.locator('.alerts-button').click({ timeout: 60_000 });
  await shot(alert, 'alert.png');

  await post(`/${id}/markers`, { note: 'Drums begin' });
  await wait(60_000);
  await post(`/${id}/markers`, { note: 'Eyes closed' });
  await wait(60_000);
  await post(`/${id}/stop`, {});
  for (const colorScheme of ['light', 'dark'])
    await shot(
      await open(colorScheme, { width: 1440, height: 900 }, '#stream=booth'),
      `dashboard-${colorScheme}.png`,
    );

  const decks = await open('dark', { width: 1440, height: 900 }, '#booth=deck-1,deck-2');
  // Of the slopes and the cut: what both play must be known.
  await decks.locator('.cut-size').waitFor({ timeout: 60_000 });
  await shot(decks, 'booth.png', { x: 0, y: 0, width: 1440, height: 800 });

  const report = await browser.newPage({ viewport: { width: 900, height: 1240 } });
  await report.goto(`${URL_BASE}v1/sessions/${id}/report`);
  await shot(report, 'session-report.png');

  const [playing, ...crate] = recordings;
  const extension = playing.slice(playing.lastIndexOf('.'));
  mkdirSync(join(folder, 'crate'));
  cpSync(join(music, playing), join(folder, `playing${extension}`));
  for (const file of crate) cpSync(join(music, file), join(folder, 'crate', file));
  const next = ['next', '--after', `playing${extension}`, '--from', 'crate/'];
  const table = execFileSync(process.execPath, [CLI, ...next], { encoding: 'utf8', cwd: folder });
  const terminal = await browser.newPage({ viewport: { width: 1100, height: 600 } });
  await terminal.setContent(
    '<body style="margin:0"><pre style="margin:0;padding:24px;background:#14171c;color:#e6e8eb;font:15px/1.6 monospace;display:inline-block"></pre>',
  );
  await terminal
    .locator('pre')
    .evaluate((pre, text) => (pre.textContent = text), `$ undertone ${next.join(' ')}\n${table}`);
  await terminal.locator('pre').screenshot({ path: picture('next.png') });
} finally {
  await browser.close();
  server.kill();
  await once(server, 'exit'); // It writes into the folder until then.
  station.closeAllConnections();
  station.close();
  rmSync(folder, { recursive: true, force: true });
}

async function open(colorScheme, viewport, hash) {
  const page = await browser.newPage({ viewport, colorScheme });
  await page.goto(`${URL_BASE}${hash}`);
  await page.locator('.connection[data-state=open]').waitFor();
  // A few steps, so that the point has reached its place.
  await page.waitForTimeout(4_000);
  return page;
}

async function shot(page, name, clip) {
  await page.screenshot({ path: picture(name), ...(clip && { clip }) });
  await page.close();
}
