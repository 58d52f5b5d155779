// Installs what the browser, sound-card, format and clock tests need: with apt-get on Debian as root; elsewhere only
// Playwright's Chromium. Tests whose programs are missing are skipped with a message.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const onPath = (program) => spawnSync('which', [program], { stdio: 'ignore' }).status === 0;

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const APP_BROWSERS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];
const haveBrowser =
  Boolean(process.env.CHROME_PATH) ||
  BROWSERS.some(onPath) ||
  APP_BROWSERS.some(existsSync) ||
  existsSync(chromium.executablePath());
const haveFaketime = process.platform !== 'linux' || onPath('faketime');
const havePulse = onPath('pulseaudio') && onPath('paplay');

/** Encoders, by the Debian package that has them. */
const ENCODERS = {
  ffmpeg: 'ffmpeg',
  sox: 'sox',
  lame: 'lame',
  twolame: 'twolame',
  oggenc: 'vorbis-tools',
  opusenc: 'opus-tools',
  flac: 'flac',
};
const missingEncoders = Object.keys(ENCODERS).filter((program) => !onPath(program));

const missing = [
  ...(haveBrowser ? [] : ['chromium']),
  ...(havePulse || process.platform !== 'linux'
    ? []
    : ['pulseaudio', 'pulseaudio-utils', 'libasound2-plugins']),
  ...missingEncoders.map((program) => ENCODERS[program]),
  // SoX writes AMR only with this.
  ...(missingEncoders.includes('sox') ? ['libsox-fmt-all'] : []),
  ...(haveFaketime ? [] : ['faketime']),
];

if (missing.length > 0) {
  const debianAsRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (debianAsRoot) aptInstall(missing);
  else if (!haveBrowser) installPlaywrightChromium();
  if (!debianAsRoot && missing.includes('pulseaudio')) {
    console.warn('PulseAudio is not installed: the sound-card test will be skipped.');
  }
  if (!debianAsRoot && missingEncoders.length > 0) {
    console.warn(`${missingEncoders.join(', ')} not installed: the tests of formats will be skipped.`);
  }
  if (!debianAsRoot && missing.includes('faketime')) {
    console.warn('faketime is not installed: the tests with a clock that is set will be skipped.');
  }
}

function aptInstall(packages) {
  console.log(`Installing for the tests: ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  } catch {
    console.warn('apt-get could not install them; the tests that need them will be skipped.');
  }
}

function installPlaywrightChromium() {
  console.log("Installing Playwright's Chromium for the browser tests");
  const cli = new URL('../node_modules/playwright-core/cli.js', import.meta.url);
  const { status } = spawnSync(process.execPath, [cli.pathname, 'install', 'chromium'], { stdio: 'inherit' });
  if (status !== 0) console.warn('Chromium could not be installed; the browser tests will be skipped.');
}
