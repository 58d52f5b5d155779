/*
 * How long after the last sample of a step does a WebSocket client have its frame, with one live stream?
 *
 *   npm run build && npm run bench latency -- [FILE] [--model undertone-lite --model undertone] [--engine wasm]
 *                                              [--seconds 60] [--chunk 10]
 *
 * The built server runs in a process of its own. This process sends 44.1 kHz stereo over a WebSocket in messages of
 * `--chunk` ms by the clock, and receives the frames over another. The time is from the sending of the message that ends
 * a step to the receipt of its frame. Goals: p50 3 ms and p99 12 ms for `undertone-lite`, 8 and 25 ms for `undertone`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startLiveStreams } from './load/live-streams.ts';
import { machine } from './load/machine.ts';
import { piece } from './load/piece.ts';
import { Program } from './load/program.ts';
import { quantiles } from './load/quantiles.ts';

const GOALS: Readonly<Record<string, string>> = { 'undertone-lite': '3, 12', undertone: '8, 25' };
const WARM_UP_SECONDS = 8;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', multiple: true, default: ['undertone-lite', 'undertone'] },
    engine: { type: 'string', default: 'wasm' },
    seconds: { type: 'string', default: '60' },
    chunk: { type: 'string', default: '10' },
  },
});

console.log(`${machine()}; ${values.engine}`);
const pcm = await piece(positionals[0], 20);
const rows: Record<string, string | number>[] = [];
for (const model of values.model) {
  const program = await Program.start({ model, engine: values.engine });
  const streams = await startLiveStreams({
    url: program.url,
    streams: 1,
    chunkMs: Number(values.chunk),
    pcm,
  });
  await sleep(WARM_UP_SECONDS * 1000);
  streams.reset();
  await sleep(Number(values.seconds) * 1000);
  const at = quantiles(streams.latenessMs);
  rows.push({
    model,
    frames: streams.latenessMs.length,
    'p50, ms': at(0.5).toFixed(1),
    'p90, ms': at(0.9).toFixed(1),
    'p99, ms': at(0.99).toFixed(1),
    'goal p50, p99': GOALS[model] ?? '',
  });
  streams.close();
  await program.stop();
}
console.table(rows);
process.exit(0);
