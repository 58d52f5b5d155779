/*
 * How long after its emission does a frame reach each of thousands of clients of one server?
 *
 *   npm run bench fanout -- [--clients 5000] [--streams 1] [--seconds 30]
 *
 * The server runs in one process with its log and all sinks; its streams emit frames of the demo's form at 2 Hz, without
 * an analysis. The clients are WebSockets in another process on the same machine; each watches one of the streams.
 * The goal is a p99 of at most 250 ms. The clients take about as much CPU time as the server.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Observable } from 'rxjs';
import { machineLimits } from '../src/server/machine-limits.ts';
import { createServer } from '../src/server/server.ts';
import type { StartTracker } from '../src/server/streams/hub-options.ts';
import { EMPTY_FRAME, FORECAST_HORIZONS, STEP_SECONDS, type StreamMessage } from '../src/types.ts';
import { report, role, startPart } from './load/child.ts';
import { machine } from './load/machine.ts';
import { quantiles } from './load/quantiles.ts';
import { watch } from './load/watchers.ts';

interface Result {
  readonly frames: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly cpu: number;
}

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '5000' },
    streams: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '30' },
    url: { type: 'string', default: '' },
  },
});
const [clients, streams, seconds] = [Number(values.clients), Number(values.streams), Number(values.seconds)];

async function serve(): Promise<void> {
  console.log(machine());
  const dataDir = mkdtempSync(join(tmpdir(), 'undertone-bench-'));
  const limits = { streams: 10_000, ...machineLimits({ sockets: clients + 16 }) };
  const server = await createServer({
    startTracker: emitting,
    analyzer: async function* () {},
    model: 'none',
    engine: 'none',
    dataDir,
    port: 0,
    limits,
    sources: Array.from({ length: streams }, (_, i) => ({ name: `s${i}`, source: NO_SOURCE })),
  });
  const args = ['--clients', values.clients, '--streams', values.streams, '--seconds', values.seconds];
  const part = startPart(import.meta.url, 'clients', [...args, '--url', server.url]);
  const connected = await part.next<{ readonly ms: number }>();
  const start = process.cpuUsage();
  const began = performance.now();
  const result = await part.next<Result>();
  const { user, system } = process.cpuUsage(start);
  const share = (user + system) / 1000 / (performance.now() - began);
  part.stop();
  console.table({
    'clients, streams': `${clients}, ${streams}`,
    'frames received': `${result.frames} in ${seconds} s (${2 * clients * seconds} expected)`,
    'emission to receipt, p50': `${result.p50} ms`,
    'emission to receipt, p99': `${result.p99} ms (goal 250)`,
    'emission to receipt, maximum': `${result.max} ms`,
    'CPU of the server': `${(100 * share).toFixed(0)} % of a core, ${((share * 1e6) / (2 * clients)).toFixed(1)} µs per message`,
    'CPU of the clients': `${(100 * result.cpu).toFixed(0)} % of a core`,
    'memory of the server': `${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`,
    'to connect': `${(connected.ms / 1000).toFixed(1)} s`,
  });
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
  process.exit(0);
}

async function receive(): Promise<void> {
  const began = performance.now();
  const watchers = await watch(values.url, clients, (i) => `?streams=s${i % streams}`);
  report({ ms: performance.now() - began });
  watchers.reset();
  const start = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const { user, system } = process.cpuUsage(start);
  const at = quantiles(watchers.delaysMs);
  report({
    frames: watchers.delaysMs.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    cpu: (user + system) / 1e6 / seconds,
  } satisfies Result);
}

const NO_SOURCE = { uri: 'none:', open: async function* () {} };

/** Emits a frame every half second, as a tracker of live audio does; streams start at different times. */
function emitting(_source: unknown, stream: string): ReturnType<StartTracker> {
  const forecast = FORECAST_HORIZONS.map((horizon) => ({
    horizon,
    ...{ valence: 0.3312, arousal: 0.6045, valenceLow: 0.1034, valenceHigh: 0.5512 },
    ...{ arousalLow: 0.4123, arousalHigh: 0.7823 },
  }));
  return {
    messages$: new Observable<StreamMessage>((subscriber) => {
      let seq = 0;
      const emit = () =>
        subscriber.next({
          ...EMPTY_FRAME,
          ...{ stream, seq, t: STEP_SECONDS * ++seq, time: new Date().toISOString() },
          ...{ valence: 0.3123, arousal: 0.6234, valenceSd: 0.1712, arousalSd: 0.1434 },
          ...{ forecast, mood: 'excited', loudness: -14.2, activity: 'music', confidence: 0.8123 },
          latencyMs: 4.1,
        });
      const startMs = performance.now() + Math.random() * 500;
      let timer: NodeJS.Timeout;
      const next = () => {
        timer = setTimeout(
          () => {
            emit();
            next();
          },
          startMs + 500 * (seq + 1) - performance.now(),
        );
      };
      next();
      return () => clearTimeout(timer);
    }),
  };
}

if (role() === 'clients') await receive();
else await serve();
