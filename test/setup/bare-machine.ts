import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders of a user, which every test run gets fresh and empty. */
const USER_FOLDERS = {
  HOME: 'home',
  USERPROFILE: 'home',
  APPDATA: 'app-data',
  LOCALAPPDATA: 'local-app-data',
  XDG_CONFIG_HOME: 'config',
  XDG_DATA_HOME: 'data',
  XDG_CACHE_HOME: 'cache',
  XDG_STATE_HOME: 'state',
  XDG_RUNTIME_DIR: 'runtime',
} as const;

/** Documented settings of the tests themselves. */
const KEPT = ['UNDERTONE_DATA', 'UNDERTONE_WSTEST', 'UNDERTONE_CUTS', 'UNDERTONE_SHOTS'];

/**
 * A vitest `globalSetup`: nothing that is installed or configured for the user of this machine reaches a test. Worker
 * processes and the programs they start inherit the environment. Tools stay as they are: PATH, browsers, and where npm
 * gets packages from.
 *
 * @returns the teardown, which deletes the folders
 */
export function setup(): () => void {
  console.log('Native engines have a separate test suite: npm run test:native');
  return enterBareMachine();
}

/** @param engineDir the engines that are installed; absent: none */
export function enterBareMachine(engineDir?: string): () => void {
  const root = mkdtempSync(join(tmpdir(), 'undertone-bare-'));
  const tools = toolSettings();
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('UNDERTONE_') && !KEPT.includes(name)) delete process.env[name];
  }
  for (const [name, folder] of Object.entries(USER_FOLDERS)) {
    process.env[name] = join(root, folder);
    mkdirSync(join(root, folder), { recursive: true, mode: 0o700 });
  }
  Object.assign(process.env, tools);
  process.env.UNDERTONE_ENGINE_DIR = engineDir ?? join(root, 'engines');
  return () => rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}

/** Settings for the files that npm and Playwright would otherwise look for in the home folder. */
function toolSettings(): Record<string, string> {
  const { XDG_CACHE_HOME, LOCALAPPDATA, PLAYWRIGHT_BROWSERS_PATH, npm_config_userconfig, npm_config_cache } =
    process.env;
  const windows = process.platform === 'win32';
  const caches = {
    darwin: join(homedir(), 'Library', 'Caches'),
    win32: LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'),
  }[process.platform as string];
  const npmCache = windows ? join(caches!, 'npm-cache') : join(homedir(), '.npm');
  const cache = caches ?? (XDG_CACHE_HOME || join(homedir(), '.cache'));
  return {
    PLAYWRIGHT_BROWSERS_PATH: PLAYWRIGHT_BROWSERS_PATH ?? join(cache, 'ms-playwright'),
    npm_config_userconfig: npm_config_userconfig ?? join(homedir(), '.npmrc'),
    npm_config_cache: npm_config_cache ?? npmCache,
  };
}
