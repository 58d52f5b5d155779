/*
 * How many live streams over WebSocket can this machine track, and how late are their frames?
 *
 *   npm run build && npm run bench streams -- --ws [FILE] [--streams 50 --streams 100 …] [--model undertone-lite]
 *                                                 [--engine wasm] [--seconds 20] [--warm-up 6] [--profile DIR]
 *
 * The built server runs in one process. A load generator in another one on the same machine sends each stream as 44.1 kHz
 * stereo in messages of 100 ms by the clock, and receives all frames over one other WebSocket. The lateness of a frame is
 * the time from the sending of its step's last sample to its receipt. FILE is a 44.1 kHz stereo recording; without it,
 * the demo piece is sent. The goal is a p99 of at most 100 ms with 400 streams on two cores; the generator uses them too.
 * `--profile` writes the CPU profiles of the server's threads.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { report, role, startPart } from './load/child.ts';
import { startLiveStreams } from './load/live-streams.ts';
import { machine } from './load/machine.ts';
import { piece } from './load/piece.ts';
import { Program } from './load/program.ts';
import { quantiles } from './load/quantiles.ts';

interface Measured {
  readonly frames: number;
  readonly p50: number;
  readonly p99: number;
  readonly gaps: number;
  /** CPU seconds per second. */
  readonly cpu: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    streams: { type: 'string', multiple: true, default: ['50', '100', '200', '400'] },
    model: { type: 'string', default: 'undertone-lite' },
    engine: { type: 'string', default: 'wasm' },
    seconds: { type: 'string', default: '20' },
    'warm-up': { type: 'string', default: '6' },
    profile: { type: 'string' },
    url: { type: 'string', default: '' },
  },
});
const [seconds, warmUp] = [Number(values.seconds), Number(values['warm-up'])];

if (role() === 'generator') await generate();
else await main();

async function main(): Promise<void> {
  console.log(`${machine()}; ${values.model} on ${values.engine}`);
  const rows: Record<string, string | number>[] = [];
  for (const streams of values.streams) {
    const program = await Program.start(values);
    const args = ['--streams', streams, '--url', program.url, '--seconds', values.seconds];
    const part = startPart(import.meta.url, 'generator', [
      ...args,
      ...['--warm-up', values['warm-up'], ...positionals],
    ]);
    await part.next();
    const before = await program.usage();
    const measured = await part.next<Measured>();
    const after = await program.usage();
    part.stop();
    await program.stop();
    const expected = 2 * Number(streams) * seconds;
    rows.push({
      streams: Number(streams),
      'lateness p50, ms': Math.round(measured.p50),
      'p99, ms': Math.round(measured.p99),
      'frames of expected, %': Math.round((100 * measured.frames) / expected),
      gaps: measured.gaps,
      'server, cores': ((after.cpuSeconds - before.cpuSeconds) / seconds).toFixed(2),
      'generator, cores': measured.cpu.toFixed(2),
      'memory, MiB': Math.round(after.mebibytes),
    });
  }
  console.table(rows);
  process.exit(0);
}

async function generate(): Promise<void> {
  const streams = await startLiveStreams({
    url: values.url,
    streams: Number(values.streams[0]),
    chunkMs: 100,
    pcm: await piece(positionals[0], 20),
  });
  await sleep(warmUp * 1000);
  streams.reset();
  report({});
  const start = process.cpuUsage();
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(start);
  const at = quantiles(streams.latenessMs);
  report({
    frames: streams.latenessMs.length,
    p50: at(0.5),
    p99: at(0.99),
    gaps: streams.gaps,
    cpu: (user + system) / 1e6 / seconds,
  } satisfies Measured);
}
