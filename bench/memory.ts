/*
 * How much memory does a stream take, and does it grow while streams come and go?
 *
 *   npm run build && npm run bench memory -- [--live 100] [--streams 1000] [--model undertone-lite] [--engine wasm]
 *
 * The built server runs in a process of its own. First 20 streams start the threads. Then `--live` streams are open at
 * the same time, each with 4 s of audio that it sent at once. Then `--streams` others, of which `--at-once` are open at a
 * time, each send 1.5 s and close. The resident memory is read from /metrics, so that it includes the log and the
 * sockets. Goals: 64 MB + 100 KB a stream over what Node.js and the engine take, and a flat line over 10,000 streams
 * (`--streams 10000`).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { machine } from './load/machine.ts';
import { bytesOf, piece, RATE_HZ } from './load/piece.ts';
import { Program } from './load/program.ts';

const { values } = parseArgs({
  options: {
    live: { type: 'string', default: '100' },
    streams: { type: 'string', default: '1000' },
    'at-once': { type: 'string', default: '20' },
    model: { type: 'string', default: 'undertone-lite' },
    engine: { type: 'string', default: 'wasm' },
  },
});
const [live, total, atOnce] = [Number(values.live), Number(values.streams), Number(values['at-once'])];
const LIVE_SECONDS = 4;
const FIRST = 20;
const SHORT_SECONDS = 1.5;
const MESSAGE_BYTES = bytesOf(100);
const PATIENCE_MS = 8_000;
/** Rows of the table. */
const READINGS = 10;

console.log(machine());
const pcm = await piece(undefined, LIVE_SECONDS);
const program = await Program.start(values);
const rows: Record<string, string | number>[] = [];
const read = async (what: string): Promise<number> => {
  await sleep(3_000); // The garbage of the streams that have ended is collected meanwhile.
  const { mebibytes } = await program.usage();
  rows.push({ '': what, 'resident, MiB': mebibytes.toFixed(1) });
  return mebibytes;
};

// Enough of them for a thread on each core, whose engines are not the streams' memory.
await streams(FIRST, 'first', LIVE_SECONDS, async () => {});
const idle = await read(`no stream, after the first ${FIRST}`);
await streams(live, 'live', LIVE_SECONDS, async () => {
  const open = await read(`${live} streams open`);
  rows.push({ '': 'per stream', 'resident, MiB': ((open - idle) / live).toFixed(3) });
});
const part = Math.max(1, Math.floor(total / READINGS));
for (let done = 0; done < total; done += part) {
  for (let i = 0; i < part; i += atOnce)
    await streams(Math.min(atOnce, part - i), 'short', SHORT_SECONDS, async () => {});
  await read(`after ${done + part} streams that came and went`);
}
console.log(`${values.model} on ${values.engine}`);
console.table(rows);
await program.stop();
process.exit(0);

/** Opens streams that send audio at once, waits for all their frames, and closes them after `work`. */
async function streams(count: number, name: string, seconds: number, work: () => Promise<void>) {
  const steps = Math.floor(2 * seconds);
  const names = Array.from({ length: count }, (_, i) => `${name}-${i}`);
  const watching = new WebSocket(`${program.url}v1/live`);
  await new Promise<void>((resolve) => watching.once('message', () => resolve()));
  let frames = 0;
  let newest = performance.now();
  let stopped = 0;
  watching.on('message', (data) => {
    const { type } = JSON.parse(String(data));
    if (type === 'emotion') {
      frames++;
      newest = performance.now();
    } else if (type === 'stream-stopped') stopped++;
  });
  const sockets = await Promise.all(
    names.map(async (one) => {
      const socket = new WebSocket(`${program.url}v1/streams/${one}/audio`);
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      socket.send(JSON.stringify({ type: 'hello', format: 's16le', sampleRate: RATE_HZ, channels: 2 }));
      await new Promise((resolve) => socket.once('message', resolve));
      for (let at = 0; at + MESSAGE_BYTES <= bytesOf(1000 * seconds); at += MESSAGE_BYTES)
        socket.send(pcm.subarray(at, at + MESSAGE_BYTES));
      return socket;
    }),
  );
  // On a busy machine audio is skipped, and its frames do not come.
  while (frames < count * steps && performance.now() - newest < PATIENCE_MS) await sleep(20);
  await work();
  for (const socket of sockets) socket.close();
  while (stopped < count) await sleep(5);
  watching.terminate();
}
