import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/free-port.ts';
import { writeMonth } from './logged-month.ts';

const CLI = new URL('../dist/cli.js', import.meta.url).pathname;
/** Days of the log of `radio`. */
const DAYS = 28;
const START_MS = 120_000;

export interface PageServer {
  readonly url: string;
  /** Streams that play. */
  readonly streams: readonly string[];
  close(): Promise<void>;
}

export interface PageServerOptions {
  /** How many streams play. 0: none, for the empty page. */
  readonly streams: number;
}

/**
 * The built program with real audio: recordings of the folder `clips` of UNDERTONE_DATA in an endless loop, or where
 * there are none the demo with different seeds; and the log of a station over four weeks, named `radio`.
 */
export async function startPageServer({ streams }: PageServerOptions): Promise<PageServer> {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-page-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  if (streams > 0) writeMonth(dataDir, 'radio', DAYS);
  const playing = sources(streams);
  // A fixed port could be that of another run, which would be measured in place of this one.
  const port = await freePort();
  const config = join(folder, 'undertone.json');
  writeFileSync(
    config,
    JSON.stringify({
      port,
      dataDir,
      logLevel: 'error',
      streams: playing,
      alerts: [{ name: 'lively', when: 'arousal', over: 0.35, for: '5s' }],
      limits: { streams: 100, requestsPerMinute: 1_000_000 },
    }),
  );
  const child = spawn(process.execPath, [CLI, 'serve', '--config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}/`;
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (
      await fetch(`${url}readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    if (Date.now() > deadline || child.exitCode !== null) throw new Error('The server did not start.');
    await sleep(300);
  }
  return {
    url,
    streams: playing.map(({ name }) => name),
    async close() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const NAMES = ['booth', 'radio', 'studio-2', 'garden', 'foyer', 'choir'];

function sources(count: number): { readonly name: string; readonly source: string }[] {
  const clips = join(process.env.UNDERTONE_DATA ?? '', 'clips');
  // The longest first: short recordings are often speech.
  const size = (name: string) => statSync(join(clips, name)).size;
  const files = existsSync(clips)
    ? readdirSync(clips)
        .filter((name) => name.endsWith('.ogg'))
        .sort((a, b) => size(b) - size(a))
    : [];
  return Array.from({ length: count }, (_, i) => ({
    name: NAMES[i] ?? `room-${i + 1}`,
    source: files.length > 0 ? `file:${join(clips, files[i % files.length]!)}?loop=1` : `demo:?seed=${i + 1}`,
  }));
}
