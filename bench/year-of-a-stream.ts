/*
 * A year of one stream (63,072,000 steps): how large is its log, and how fast are queries?
 *
 *   npm run bench year-of-a-stream -- [--dir /tmp] [--days 365] [--rounds 30] [--clock wall|cpu] [--keep] [--made FOLDER]
 *
 * Creates the database in a new folder of DIR and deletes it afterwards, unless --keep is given. --made measures a
 * database that an earlier run kept. The frames are synthetic, with the step-to-step changes of the model's frames
 * of real music: 48 blocks of 20 minutes, each used repeatedly with its own numbers and times.
 *
 * Query ranges are random. "first" is the time to the first page of rows, after which the speed depends on the
 * client; "whole" is the time to the last row as JSON, for at most 20,000 rows. Times are in ms of wall-clock time
 * or, for a busy machine, of CPU time. They exclude the warm-up: 20 queries run before.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BlockStore, packBlock } from '../src/log/block-store.ts';
import { decodeSteps, encodeBlock } from '../src/log/codec/block.ts';
import { type LogDatabase, openDatabase } from '../src/log/database.ts';
import { toJson } from '../src/log/export/formats.ts';
import { History } from '../src/log/history.ts';
import { RESOLUTIONS, type Resolution } from '../src/log/query.ts';
import { RollupWriter } from '../src/log/rollup/rollup-writer.ts';
import { addSteps } from '../src/log/rollup/steps.ts';
import type { Sums } from '../src/log/rollup/sums.ts';
import { addToBucket, FINEST_MS, LEVELS_MS } from '../src/log/rollup/sums.ts';
import { ALL_TIME } from '../src/log/time-range.ts';
import { BLOCK_FRAMES } from '../src/log/upkeep/compactor.ts';
import { type EmotionFrame, STEP_SECONDS } from '../src/types.ts';
import { seededRandom, syntheticFrames } from '../test/log/synthetic-frames.ts';
import { quantiles } from './load/quantiles.ts';

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: '/tmp' },
    days: { type: 'string', default: '365' },
    rounds: { type: 'string', default: '30' },
    clock: { type: 'string', default: 'wall' },
    keep: { type: 'boolean', default: false },
    made: { type: 'string' },
  },
});
const DAY_MS = 86_400_000;
const BLOCK_MS = BLOCK_FRAMES * 500;
const START_MS = Date.parse('2025-01-01T00:00:00Z');
const END_MS = START_MS + Number(values.days) * DAY_MS;
const TEMPLATES = 48;
const WHOLE_ROWS = 20_000;
const WARM_UP = 20;
const SPANS = {
  '1 min': 60_000,
  '1 h': 3_600_000,
  '1 day': DAY_MS,
  '1 week': 7 * DAY_MS,
  '30 days': 30 * DAY_MS,
  all: END_MS - START_MS,
};

let packingMs = 0;
let packedBytes = 0;
let packedFrames = 0;
const dataDir = values.made ?? mkdtempSync(join(values.dir, 'undertone-year-'));
try {
  const log = openDatabase(dataDir);
  const began = performance.now();
  if (values.made === undefined) make(log);
  log.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  const minutes = (END_MS - START_MS) / 60_000;
  const bytes = statSync(log.file).size;
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(
    `${(minutes * 120).toLocaleString('en')} steps in ${(bytes / 1e9).toFixed(2)} GB, ${Math.round(bytes / minutes)} bytes a minute${values.made ? '' : `, made in ${seconds} s`}`,
  );
  if (packedFrames > 0) {
    const [each, us] = [packedBytes / packedFrames, (1_000 * packingMs) / packedFrames];
    console.log(`${each.toFixed(2)} bytes and ${us.toFixed(1)} µs of CPU to pack a frame`);
  }
  console.table(share(log, minutes));
  console.table(await measureAll(new History(log.db)));
  log.close();
} finally {
  if (values.keep || values.made) console.log(`Kept in ${dataDir}.`);
  else rmSync(dataDir, { recursive: true, force: true });
}

interface Template {
  /** The frames of a block, numbered from 0. */
  readonly frames: readonly EmotionFrame[];
  /** Sums of each minute, numbered from 0. */
  readonly minutes: ReadonlyMap<number, Sums>;
}

function make({ db }: LogDatabase): void {
  const templates = Array.from({ length: TEMPLATES }, (_, seed) => template(seed));
  const blocks = new BlockStore(db);
  const rollups = new RollupWriter(db);
  db.exec("BEGIN; INSERT INTO streams (name) VALUES ('radio')");
  db.exec(
    `INSERT INTO runs (id, stream, source, model, started_ms) VALUES (1, 1, 'made-up:', 'none', ${START_MS})`,
  );
  const coarse = LEVELS_MS.slice(1).map((level) => ({ level, buckets: new Map<number, Sums>() }));
  for (let block = 0, fromMs = START_MS; fromMs < END_MS; block++, fromMs += BLOCK_MS) {
    const { frames, minutes } = templates[(block * 7) % TEMPLATES]!;
    const moved = frames.map((frame) => moveTo(frame, block * BLOCK_FRAMES, fromMs));
    const startedMs = cpuMs();
    const packed = packBlock(1, moved);
    packingMs += cpuMs() - startedMs;
    packedBytes += packed.data.length;
    packedFrames += packed.frames;
    blocks.insert(packed);
    for (const [minute, sums] of minutes) {
      const ms = fromMs + minute * FINEST_MS;
      rollups.addClosed(1, FINEST_MS, ms / FINEST_MS, sums);
      for (const { level, buckets } of coarse) addToBucket(buckets, Math.floor(ms / level), sums);
    }
    if (block % 500 === 499) db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE); BEGIN');
  }
  for (const { level, buckets } of coarse)
    for (const [bucket, sums] of buckets) rollups.addClosed(1, level, bucket, sums);
  db.exec('COMMIT');
}

function template(seed: number): Template {
  // Starts a little after the full minute, so that jitter moves no frame into the minute before.
  const frames = syntheticFrames('radio', BLOCK_FRAMES, { startMs: 20, seed });
  const minutes = new Map<number, Sums>();
  addSteps(minutes, decodeSteps(encodeBlock(frames)), ALL_TIME, FINEST_MS);
  return { frames, minutes };
}

function moveTo(frame: EmotionFrame, firstSeq: number, fromMs: number): EmotionFrame {
  const seq = firstSeq + frame.seq;
  const time = new Date(fromMs + Date.parse(frame.time)).toISOString();
  return { ...frame, seq, t: STEP_SECONDS * (seq + 1), time };
}

function share({ db }: LogDatabase, minutes: number) {
  const rows = db
    .prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC LIMIT 4')
    .all() as { name: string; bytes: number }[];
  return rows.map(({ name, bytes }) => ({ table: name, 'bytes a minute': Math.round(bytes / minutes) }));
}

async function measureAll(history: History) {
  const random = seededRandom(1);
  const spanOf = (ms: number) => {
    const fromMs = START_MS + Math.floor(random() * (END_MS - START_MS - ms));
    return { fromMs, toMs: fromMs + ms };
  };
  for (let round = 0; round < WARM_UP; round++)
    for (const resolution of ['step', '1m'] as const) await measure(history, spanOf(3_600_000), resolution);
  const table: Record<string, string | number>[] = [];
  for (const [span, spanMs] of Object.entries(SPANS)) {
    for (const resolution of Object.keys(RESOLUTIONS) as Resolution[]) {
      const times: { first: number; whole: number; rows: number }[] = [];
      for (let round = 0; round < Number(values.rounds); round++) {
        times.push(await measure(history, spanOf(spanMs), resolution));
      }
      const { rows } = times[0]!;
      table.push({
        span,
        resolution,
        rows,
        'first p50': at(
          times.map(({ first }) => first),
          0.5,
        ),
        'first p99': at(
          times.map(({ first }) => first),
          0.99,
        ),
        'whole p50':
          rows > WHOLE_ROWS
            ? ''
            : at(
                times.map(({ whole }) => whole),
                0.5,
              ),
        'whole p99':
          rows > WHOLE_ROWS
            ? ''
            : at(
                times.map(({ whole }) => whole),
                0.99,
              ),
      });
    }
  }
  return table;
}

function clock(): number {
  return values.clock === 'wall' ? performance.now() : cpuMs();
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function measure(history: History, range: { fromMs: number; toMs: number }, resolution: Resolution) {
  const bucketMs = RESOLUTIONS[resolution] ?? 500;
  const rows = Math.ceil((range.toMs - range.fromMs) / bucketMs);
  const began = clock();
  const query = { resolution, format: 'json', forecast: 'yes', limit: undefined } as const;
  let first: number | undefined;
  for await (const part of toJson(history, { stream: 'radio', range, query })) {
    if (part.startsWith('{')) continue; // The head needs no query.
    first ??= clock() - began;
    if (rows > WHOLE_ROWS) break;
  }
  return { first: first!, whole: clock() - began, rows };
}

function at(numbers: readonly number[], share: number): number {
  return Math.round(quantiles(numbers)(share) * 10) / 10;
}
