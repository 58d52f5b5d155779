import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_FILE } from '../../src/log/log-files.ts';
import { CLI, serve } from '../load/program.ts';
import type { ComparedFrame, Sample } from './verdict.ts';

/** The built program under test, in a process of its own. */
export interface Server {
  readonly url: string;
  readonly child: ChildProcess;
  readonly dataDir: string;
  sample(seconds: number): Promise<Sample>;
  /** Seconds of CPU so far. */
  cpuSeconds(): number;
  metrics(): Promise<string>;
  /** Ends it as a service manager does. Returns its exit code. */
  stop(): Promise<number | null>;
}

const CLOCK_TICKS = 100;
/** How long frames are kept: shorter than a long run, so that it drops most of them. */
const KEEP_MINUTES = 10;
/** Old frames are dropped every 10 minutes, in blocks of up to 20 minutes. */
const MAX_AGE_MINUTES = KEEP_MINUTES + 10 + 20 + 5;

/** @param sources the sources of further streams, by name */
export async function startServer(
  folder: string,
  sources: Readonly<Record<string, string>>,
): Promise<Server> {
  const config = join(folder, 'undertone.json');
  const dataDir = join(folder, 'data');
  writeFileSync(
    config,
    JSON.stringify({
      port: 0,
      dataDir,
      model: 'undertone-lite',
      engine: 'wasm',
      logLevel: 'warn',
      keep: `${KEEP_MINUTES}m`,
      streams: Object.entries({ demo: 'demo:', ...sources }).map(([name, source]) => ({ name, source })),
      alerts: [
        { name: 'dead-air', when: 'silence', for: '3s' },
        { name: 'gone', when: 'source-lost' },
      ],
      remote: { privateNetworks: ['127.0.0.0/8'] },
      limits: {
        streams: 500,
        sockets: 2000,
        socketsPerAddress: 2000,
        connectionsPerAddress: 2000,
        requestsPerMinute: 1_000_000,
      },
    }),
  );
  // Detached: Ctrl-C is for the harness, which then ends the server.
  const { child, url: dashboard, ended } = await serve(config, { detached: true });
  const url = new URL(dashboard).origin;
  const proc = `/proc/${child.pid}`;
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  return {
    url,
    child,
    dataDir,
    metrics,
    async sample(seconds) {
      const text = await metrics();
      const megabytes = (name: string) => value(text, name) / 2 ** 20;
      return {
        seconds,
        rssMb: megabytes('process_resident_memory_bytes'),
        heapMb: megabytes('nodejs_heap_size_used_bytes'),
        externalMb: megabytes('nodejs_external_memory_bytes'),
        handles: readdirSync(`${proc}/fd`).length,
        loopLagMs: 1000 * value(text, 'nodejs_eventloop_lag_p99_seconds'),
        logQueue: value(text, 'undertone_log_queue') + value(text, 'undertone_sink_queue'),
        logMb: logBytes(dataDir) / 2 ** 20,
      };
    },
    cpuSeconds() {
      const fields = readFileSync(`${proc}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
    },
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Streams whose frames are older than retention allows: one sentence each. */
export async function oldFrames(url: string, streams: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const stream of streams) {
    const path = `/v1/streams/${stream}/emotions?limit=1&from=1970-01-01T00:00:00Z`;
    const text = await (await fetch(`${url}${path}`)).text();
    const time = /"time":"([^"]+)"/.exec(text)?.[1];
    const minutes = time === undefined ? 0 : (Date.now() - Date.parse(time)) / 60_000;
    if (minutes > MAX_AGE_MINUTES)
      found.push(`${stream} has frames of ${minutes.toFixed(0)} minutes ago, kept for ${KEEP_MINUTES}.`);
  }
  return found;
}

function logBytes(dataDir: string): number {
  let bytes = 0;
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(LOG_FILE))
      bytes += statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

/** The sum of a metric over its labels; 0 if it is absent. */
export function value(text: string, name: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) sum += Number(line.split(' ').at(-1));
  }
  return sum;
}

/** What `undertone doctor` finds in the log; empty if it is sound. */
export function doctor(dataDir: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'doctor', '--data-dir', dataDir], {
    encoding: 'utf8',
  });
  return status === 0 ? '' : `${stdout}${stderr}`.trim();
}

/** The frames of `undertone track` for some bytes. */
export async function trackBytes(bytes: Uint8Array, args: readonly string[]): Promise<ComparedFrame[]> {
  const flags = ['track', '-', '--model', 'undertone-lite', '--engine', 'wasm', ...args];
  const child = spawn(process.execPath, [CLI, ...flags], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  child.stdin.end(bytes);
  let out = '';
  for await (const piece of child.stdout.setEncoding('utf8')) out += piece;
  return out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
