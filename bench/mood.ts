/*
 * How often does the mood word change, and how soon does it follow a cut to other music?
 *
 *   npm run bench mood -- FILE… [--model undertone] [--cuts 40] [--engine auto]
 *
 * Changes: each file is analyzed from a fresh state; changes per minute with music, of the word and of the region of
 * the reading itself.
 *
 * Cuts: 20 s of one file are joined with 20 s of another of the same format (their seconds 12 to 32), if the mean
 * readings of both are at least 0.3 apart. The second piece's mood is its mean reading after the first 3 s. A cut
 * counts if the word before it has a region at least 0.1 away from that mood; it is followed at the first step whose
 * word has a region within 0.05 of it.
 */
import { parseArgs } from 'node:util';
import { Random } from '../lab/train/random.ts';
import type { EngineName } from '../src/model/engine.ts';
import { type Mood, moodOf } from '../src/mood.ts';
import { createTracker } from '../src/node-api/create-tracker.ts';
import { openRecording } from '../src/stream/sources/index.ts';
import { type AudioChunk, type EmotionFrame, STEP_SECONDS } from '../src/types.ts';
import { median, quantiles } from './load/quantiles.ts';
import { changesPerMinute, secondsToMood } from './readings/mood-changes.ts';

const FROM_SECONDS = 12;
const PASSAGE_SECONDS = 20;
const APART = 0.3;
const SETTLING_STEPS = 6;

interface Point {
  readonly valence: number;
  readonly arousal: number;
}

interface Passage {
  readonly audio: readonly AudioChunk[];
  readonly mean: Point;
}

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'undertone' },
    cuts: { type: 'string', default: '40' },
    engine: { type: 'string', default: 'auto' },
  },
});
const tracker = await createTracker({ model: values.model, engine: values.engine as EngineName | 'auto' });

const held: number[] = [];
const regions: number[] = [];
const sds: number[] = [];
const counts = new Map<string, number>();
const passages: Passage[] = [];
for (const file of files) {
  const audio: AudioChunk[] = [];
  const frames = await framesOf(file, audio);
  held.push(changesPerMinute(frames.map(({ mood }) => mood as Mood | null)));
  regions.push(changesPerMinute(frames.map(regionOf)));
  for (const { mood, valenceSd, arousalSd } of frames) {
    if (mood === null) continue;
    counts.set(mood, (counts.get(mood) ?? 0) + 1);
    sds.push(valenceSd!, arousalSd!);
  }
  const within = ({ t }: EmotionFrame) => t > FROM_SECONDS && t <= FROM_SECONDS + PASSAGE_SECONDS;
  const mean = meanOf(frames.filter(within));
  if (mean) passages.push({ audio, mean });
}
console.log(`${values.model}: ${files.length} files, median standard deviation ${median(sds)}`);
table('changes a minute', 3, { word: held, 'region of the reading': regions });
const steps = [...counts.values()].reduce((sum, count) => sum + count, 0);
console.log([...counts].map(([mood, count]) => `${mood} ${((100 * count) / steps).toFixed(1)} %`).join(', '));

const pairs = passages.flatMap((a) =>
  passages
    .filter((b) => a !== b && sameFormat(a, b) && between(a.mean, b.mean) >= APART)
    .map((b) => [a, b] as const),
);
const word: number[] = [];
const region: number[] = [];
for (const i of new Random(1).permutation(pairs.length).slice(0, Number(values.cuts))) {
  const [a, b] = pairs[i]!;
  tracker.reset();
  const frames: EmotionFrame[] = [];
  const audio = [...a.audio, ...b.audio];
  for await (const message of tracker.track({ uri: 'cut:', open: () => each(audio) }))
    if (message.type === 'emotion') frames.push(message);
  const cut = Math.floor(secondsOf(a.audio) / STEP_SECONDS);
  const mood = meanOf(frames.slice(cut + SETTLING_STEPS));
  if (!mood) continue;
  const words = frames.map((frame) => frame.mood as Mood | null);
  for (const [delays, own] of [
    [word, words],
    [region, frames.map(regionOf)],
  ] as const) {
    const seconds = secondsToMood(own, cut, mood);
    if (seconds !== undefined) delays.push(seconds);
  }
}
table(`seconds after a cut (${pairs.length} pairs)`, 6, { word, 'region of the reading': region });
await tracker.close();

/** The frames of a file; its passage for the cuts is added to `audio`. */
async function framesOf(file: string, audio: AudioChunk[]): Promise<EmotionFrame[]> {
  tracker.reset();
  const { source } = openRecording(file);
  async function* open(signal: AbortSignal) {
    let seconds = 0;
    for await (const item of source.open(signal)) {
      if (item.type === 'audio') {
        if (seconds >= FROM_SECONDS && seconds < FROM_SECONDS + PASSAGE_SECONDS)
          audio.push({ ...item, samples: item.samples.slice() });
        seconds += secondsOf([item]);
      }
      yield item;
    }
  }
  const frames: EmotionFrame[] = [];
  for await (const message of tracker.track({ uri: source.uri, open }))
    if (message.type === 'emotion') frames.push(message);
  return frames;
}

async function* each(audio: readonly AudioChunk[]) {
  for (const chunk of audio) yield chunk;
}

function regionOf({ valence, arousal }: EmotionFrame): Mood | null {
  return valence === null || arousal === null ? null : moodOf(valence, arousal);
}

function meanOf(frames: readonly EmotionFrame[]): Point | undefined {
  const music = frames.filter(({ valence }) => valence !== null);
  if (music.length < PASSAGE_SECONDS) return undefined; // at least half of a passage
  const mean = (of: (frame: EmotionFrame) => number) =>
    music.reduce((sum, frame) => sum + of(frame), 0) / music.length;
  return { valence: mean(({ valence }) => valence!), arousal: mean(({ arousal }) => arousal!) };
}

function between(a: Point, b: Point): number {
  return Math.hypot(a.valence - b.valence, a.arousal - b.arousal);
}

function sameFormat(a: Passage, b: Passage): boolean {
  const [first, second] = [a.audio[0]!, b.audio[0]!];
  return first.sampleRateHz === second.sampleRateHz && first.channels === second.channels;
}

function secondsOf(audio: readonly AudioChunk[]): number {
  return audio.reduce(
    (sum, { samples, channels, sampleRateHz }) => sum + samples.length / channels / sampleRateHz,
    0,
  );
}

/** `limit`: what the numbers should not exceed. */
function table(title: string, limit: number, rows: Record<string, readonly number[]>): void {
  console.log(`\n${title}`);
  console.table(
    Object.fromEntries(
      Object.entries(rows).map(([name, numbers]) => [
        name,
        {
          n: numbers.length,
          median: Number(median(numbers).toFixed(1)),
          '90th percentile': Number(quantiles(numbers)(0.9).toFixed(1)),
          [`up to ${limit}`]: Number((numbers.filter((x) => x <= limit).length / numbers.length).toFixed(2)),
        },
      ]),
    ),
  );
}
