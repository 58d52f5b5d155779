import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../user-error.ts';

/** Maximum time for a browser to print one report. */
const TIMEOUT_MS = 30_000;

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const APPS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:/Program Files/Google/Chrome/Application/chrome.exe',
    'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
  ],
};

const ARGS = [
  '--headless',
  '--disable-gpu',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
  '--no-pdf-header-footer',
];

interface PrintOptions {
  /** Path of the browser. */
  readonly browser?: string | undefined;
  readonly timeoutMs?: number;
}

/**
 * Prints an HTML page to PDF with a browser that is installed on this computer. The browser runs in its own
 * process with a temporary profile; both are removed afterwards. The temporary folder is readable by this user only.
 *
 * @throws UserError `no-browser`, `pdf-failed`
 */
export async function printPdf(
  page: string,
  { browser = findBrowser(), timeoutMs = TIMEOUT_MS }: PrintOptions = {},
): Promise<Uint8Array> {
  if (browser === undefined) {
    throw new UserError(
      'no-browser',
      'A PDF needs Chromium or Chrome on the computer that runs the server, and none was found: install one, set CHROME_PATH to its path, or print the HTML report.',
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'undertone-report-'));
  const [from, to] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
  try {
    await writeFile(from, page, { mode: 0o600 });
    await run(
      browser,
      [
        ...ARGS,
        // Chromium's sandbox does not run as root. The page has no script and may load nothing.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${join(folder, 'profile')}`,
        `--print-to-pdf=${to}`,
        pathToFileURL(from).href,
      ],
      timeoutMs,
    );
    return await readFile(to).catch((cause: unknown) => {
      throw failed('it wrote no file', cause);
    });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Path of Chromium, Chrome or Edge on this computer: CHROME_PATH, otherwise the first one found. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.CHROME_PATH) return env.CHROME_PATH;
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...(APPS[process.platform] ?? [])].find(isProgram);
}

function run(browser: string, args: readonly string[], timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // In its own process group, so that the browser's child processes are killed with it.
    const child = spawn(browser, args, { stdio: 'ignore', detached: process.platform !== 'win32' });
    const timer = setTimeout(() => {
      killGroup(child);
      reject(failed(`it took longer than ${timeoutMs / 1000} s`));
    }, timeoutMs);
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(failed('it did not start', cause));
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      killGroup(child);
      if (code === 0) resolve();
      else reject(failed(`it exited with code ${code}`));
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has exited already.
  }
}

const failed = (why: string, cause?: unknown): UserError =>
  new UserError(
    'pdf-failed',
    `The browser could not print the report (${why}): print the HTML report instead.`,
    {
      cause,
    },
  );

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
