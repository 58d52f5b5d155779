/*
 * Does the stream report where one song gives way to another?
 *
 *   npm run bench segments -- --data DIR [--model undertone] [--sequences 15] [--joins cut,fade,pause,talk]
 *     [--engine auto] [--piece FILE]… SPEECH…
 *
 * Sequences of six held-out songs, joined in one way each: cut, crossfaded over 1 to 4 s, after a pause of 0.2 to 1.5 s,
 * or with a talk of 6 to 12 s between them, from the recordings SPEECH. Both ends of a talk count as boundaries. They are
 * tracked as live, with the activity detector, and each boundary is matched with the first `segment` event within 3 s.
 * The interval is a 95 % bootstrap over sequences.
 *
 * Pieces: whole recordings of one piece each, in which no `segment` event should be.
 */
import { parseArgs } from 'node:util';
import { type Join, joinSongs } from '../lab/boundary/joined-songs.ts';
import { readDataset } from '../lab/datasets/dataset.ts';
import { splitClips } from '../lab/datasets/split.ts';
import { decodeMono } from '../lab/train/features/recording.ts';
import { Random } from '../lab/train/random.ts';
import type { EngineName } from '../src/model/engine.ts';
import { createTracker } from '../src/node-api/create-tracker.ts';
import { openRecording } from '../src/stream/sources/index.ts';
import type { Source } from '../src/types.ts';

const SONGS = 6;
const TOLERANCE = 3;
const TALK_SECONDS = [6, 12] as const;
const RESAMPLES = 1000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: 'deam' },
    model: { type: 'string', default: 'undertone' },
    sequences: { type: 'string', default: '15' },
    joins: { type: 'string' },
    engine: { type: 'string', default: 'auto' },
    piece: { type: 'string', multiple: true, default: [] },
  },
});

interface Score {
  readonly boundaries: number;
  readonly detections: number;
  readonly delays: readonly number[];
}

const clips = splitClips(await readDataset(values.data))['held-out'];
const speech = await Promise.all(positionals.map((path) => decodeMono(path)));
const possible: readonly Join[] = ['cut', 'fade', 'pause', ...(speech.length > 0 ? (['talk'] as const) : [])];
const joins = possible.filter((join) => values.joins?.split(',').includes(join) ?? true);
const tracker = await createTracker({ model: values.model, engine: values.engine as EngineName | 'auto' });
const all: Score[] = [];
const rows: Record<string, Record<string, number | string>> = {};
for (const join of joins) {
  const random = new Random(1);
  const scores: Score[] = [];
  for (let i = 0; i < Number(values.sequences); i++) scores.push(await scoreSequence(join, random));
  rows[join] = rowOf(scores);
  all.push(...scores);
  console.error(join, rows[join]);
}
if (all.length > 0) rows.all = rowOf(all);
console.log(`${values.model}: segment events within ${TOLERANCE} s of a boundary`);
console.table(rows);
if (values.piece.length > 0) await countInPieces(values.piece);
await tracker.close();

/** Segment events within whole pieces, and how many a minute that is. */
async function countInPieces(files: readonly string[]): Promise<void> {
  const perMinute: number[] = [];
  let [events, seconds] = [0, 0];
  for (const file of files) {
    tracker.reset();
    let [found, end] = [0, 0];
    for await (const message of tracker.track(openRecording(file).source)) {
      if (message.type === 'segment') found++;
      if (message.type === 'emotion') end = message.t;
    }
    perMinute.push((60 * found) / end);
    events += found;
    seconds += end;
  }
  perMinute.sort((a, b) => a - b);
  const at = (share: number) => Number(perMinute[Math.floor(share * (perMinute.length - 1))]!.toFixed(2));
  console.log('segment events a minute within whole pieces');
  console.table({
    pieces: { n: files.length, minutes: Math.round(seconds / 60), events, median: at(0.5), '90 %': at(0.9) },
  });
}

async function scoreSequence(join: Join, random: Random): Promise<Score> {
  const paths = Array.from({ length: SONGS }, () => clips[random.below(clips.length)]!.path);
  const { samples, sampleRateHz, boundaries } = await joinSongs(paths, random, [join], talkOf);
  const source: Source = {
    uri: 'joined:',
    async *open() {
      yield { type: 'audio', samples, sampleRateHz, channels: 1, arrivedAtMs: 0 };
    },
  };
  tracker.reset();
  const left: number[] = [];
  for await (const message of tracker.track(source)) if (message.type === 'segment') left.push(message.t);
  const detections = left.length;
  const delays: number[] = [];
  for (const boundary of boundaries) {
    const i = left.findIndex((t) => Math.abs(t - boundary) <= TOLERANCE);
    if (i >= 0) delays.push(left.splice(i, 1)[0]! - boundary);
  }
  return { boundaries: boundaries.length, detections, delays };
}

/** A part of a recording of speech at another sample rate, by linear interpolation. */
function talkOf(random: Random, rateHz: number): Float32Array {
  const { mono, sampleRateHz } = speech[random.below(speech.length)]!;
  const seconds = Math.min(random.between(...TALK_SECONDS), mono.length / sampleRateHz);
  const from = random.between(0, mono.length / sampleRateHz - seconds);
  return Float32Array.from({ length: Math.floor(seconds * rateHz) }, (_, i) => {
    const at = (from + i / rateHz) * sampleRateHz;
    const before = Math.floor(at);
    return mono[before]! + (at - before) * ((mono[before + 1] ?? 0) - mono[before]!);
  });
}

function rowOf(scores: readonly Score[]): Record<string, number | string> {
  const found = sumOf(scores, ({ delays }) => delays.length);
  const boundaries = sumOf(scores, (score) => score.boundaries);
  const random = new Random(2);
  const resampled = Array.from({ length: RESAMPLES }, () =>
    f1Of(scores.map(() => scores[random.below(scores.length)]!)),
  ).sort((a, b) => a - b);
  const delays = scores.flatMap((score) => score.delays).sort((a, b) => a - b);
  const round = (x: number) => Number(x.toFixed(3));
  return {
    boundaries,
    F1: round(f1Of(scores)),
    '95 %': `${resampled[24]!.toFixed(2)}–${resampled[974]!.toFixed(2)}`,
    precision: round(found / sumOf(scores, ({ detections }) => detections)),
    recall: round(found / boundaries),
    'median delay (s)': round(delays[Math.floor(delays.length / 2)] ?? Number.NaN),
  };
}

function f1Of(scores: readonly Score[]): number {
  const found = sumOf(scores, ({ delays }) => delays.length);
  return (2 * found) / sumOf(scores, (score) => score.boundaries + score.detections);
}

function sumOf(scores: readonly Score[], of: (score: Score) => number): number {
  return scores.reduce((total, score) => total + of(score), 0);
}
