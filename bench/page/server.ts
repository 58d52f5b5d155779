import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../load/program.ts';
import { writeMonth } from './logged-month.ts';

/** Days of the log of `radio`. */
const DAYS = 28;

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
  const config = join(folder, 'undertone.json');
  writeFileSync(
    config,
    JSON.stringify({
      port: 0,
      dataDir,
      logLevel: 'error',
      streams: playing,
      alerts: [{ name: 'lively', when: 'arousal', over: 0.35, for: '5s' }],
      limits: { streams: 100, requestsPerMinute: 1_000_000 },
    }),
  );
  const { child, url, ended } = await serve(config);
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
