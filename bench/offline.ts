/*
 * How much faster than real time is `undertone track`?
 *
 *   npm run build && npm run bench offline -- [FILE] [--minutes 5] [--model undertone-lite] [--engine wasm] [--rounds 3]
 *
 * FILE, such as an hour of music in 44.1 kHz stereo, or 20 s of the demo piece, is repeated to `--minutes` of 44.1 kHz
 * stereo and encoded by ffmpeg as MP3 (192 kbit/s), FLAC and WAV; without ffmpeg only WAV is measured. Each is tracked by the built program as one file, so the start of the
 * program counts. Times are medians of the rounds. Goals for an hour (`--minutes 60`) of `undertone-lite`: 500, 700 and
 * 1,000 times real time; of `undertone`: 60.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wavHeader } from '../src/util/wav-header.ts';
import { machine } from './load/machine.ts';
import { piece, RATE_HZ } from './load/piece.ts';
import { CLI } from './load/program.ts';
import { median } from './load/quantiles.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '5' },
    model: { type: 'string', default: 'undertone-lite' },
    engine: { type: 'string', default: 'wasm' },
    rounds: { type: 'string', default: '3' },
  },
});
const GOALS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'undertone-lite': { mp3: 500, flac: 700, wav: 1000 },
  undertone: { mp3: 60, flac: 60, wav: 60 },
};
const PIECE_SECONDS = 20;
/** Prints the CPU time of the whole process, with all its threads, when it ends. */
const CPU_AT_EXIT = `data:text/javascript,
import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  console.error('cpu ' + (user + system) / 1e6);
});`;

console.log(`${machine()}; ${values.model} on ${values.engine}`);
const folder = mkdtempSync(join(tmpdir(), 'undertone-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const seconds = 60 * Number(values.minutes);
const rows: Record<string, string | number>[] = [];
for (const file of await files()) {
  const format = file.slice(file.lastIndexOf('.') + 1);
  const runs = Array.from({ length: Number(values.rounds) }, () => track(file));
  const wall = median(runs.map((run) => run.wall));
  const cpu = median(runs.map((run) => run.cpu));
  rows.push({
    format,
    'minutes of audio': Number(values.minutes),
    'time, s': wall.toFixed(1),
    '× real time': Math.round(seconds / wall),
    goal: GOALS[values.model]?.[format] ?? '',
    'CPU, s': cpu.toFixed(1),
    '× real time of one core': Math.round(seconds / cpu),
  });
}
console.table(rows);

async function files(): Promise<string[]> {
  const wav = join(folder, 'audio.wav');
  const pcm = await piece(positionals[0], positionals[0] === undefined ? PIECE_SECONDS : seconds);
  const bytes = Math.round(seconds * RATE_HZ) * 4;
  const repeated = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += pcm.length) pcm.copy(repeated, at, 0, Math.min(pcm.length, bytes - at));
  writeFileSync(wav, Buffer.concat([wavHeader(bytes, { sampleRateHz: RATE_HZ, channels: 2 }), repeated]));
  const encoded = [
    ['mp3', '-c:a', 'libmp3lame', '-b:a', '192k'],
    ['flac', '-c:a', 'flac'],
  ].flatMap(([extension, ...options]) => {
    const out = join(folder, `audio.${extension}`);
    const { status } = spawnSync('ffmpeg', ['-v', 'error', '-i', wav, ...options, out]);
    return status === 0 ? [out] : [];
  });
  if (encoded.length < 2)
    console.log('ffmpeg, or an encoder of it, is missing: not all formats are measured.');
  return [...encoded, wav];
}

function track(file: string): { readonly wall: number; readonly cpu: number } {
  const args = ['track', file, '--model', values.model, '--engine', values.engine, '--out', `${file}.ndjson`];
  rmSync(`${file}.ndjson`, { force: true });
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--import', CPU_AT_EXIT, CLI, ...args], {
    encoding: 'utf8',
  });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`undertone track ended with ${status}: ${stderr}`);
  return { wall, cpu: Number(/^cpu (\S+)$/m.exec(stderr)?.[1]) };
}
