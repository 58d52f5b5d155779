/*
 * How steady is the reading, and how soon does it follow a change of song?
 *
 *   npm run bench steadiness -- --data DIR [--model undertone] [--pairs 100] [--engine auto] [FILE…]
 *
 * Changes of song: pairs of held-out songs whose labels are at least 0.3 apart on an axis are joined with a cut. The
 * reading follows at the first step that is closer to its value 10 s after the cut than to that before it.
 *
 * Movement: root mean square of the change within 5 s, of the reading over whole files and of the labels.
 */
import { parseArgs } from 'node:util';
import { joinSongs } from '../lab/boundary/joined-songs.ts';
import { type Clip, labelBetween, readDataset } from '../lab/datasets/dataset.ts';
import { splitClips } from '../lab/datasets/split.ts';
import { Random } from '../lab/train/random.ts';
import type { EngineName } from '../src/model/engine.ts';
import { createTracker } from '../src/node-api/create-tracker.ts';
import { openRecording } from '../src/stream/sources/index.ts';
import { AXES, type Axis, type EmotionFrame, type Source, STEP_SECONDS } from '../src/types.ts';
import { halfWaySeconds, rmsChange } from './readings/movement.ts';

const APART = 0.3;
const MOVEMENT_STEPS = 10;

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: 'deam' },
    model: { type: 'string', default: 'undertone' },
    pairs: { type: 'string', default: '100' },
    engine: { type: 'string', default: 'auto' },
  },
});
const dataset = await readDataset(values.data);
const clips = splitClips(dataset)['held-out'];
const tracker = await createTracker({ model: values.model, engine: values.engine as EngineName | 'auto' });
const random = new Random(1);

const delays: Record<Axis, number[]> = { valence: [], arousal: [] };
for (let tried = 0; tried < 50 * Number(values.pairs); tried++) {
  if (delays.valence.length + delays.arousal.length >= Number(values.pairs)) break;
  const pair = [clips[random.below(clips.length)]!, clips[random.below(clips.length)]!] as const;
  const axes = AXES.filter((axis) => Math.abs(labelOf(pair[0])[axis] - labelOf(pair[1])[axis]) >= APART);
  if (axes.length === 0) continue;
  const { samples, sampleRateHz, boundaries } = await joinSongs(
    pair.map(({ path }) => path),
    random,
    ['cut'],
  );
  const frames = await framesOf({
    uri: 'joined:',
    open: async function* () {
      yield { type: 'audio', samples, sampleRateHz, channels: 1, arrivedAtMs: 0 };
    },
  });
  const cut = Math.floor(boundaries[0]! / STEP_SECONDS);
  for (const axis of axes) {
    const seconds = halfWaySeconds(
      frames.map((frame) => frame[axis]),
      cut,
      APART / 3,
    );
    if (seconds !== undefined) delays[axis].push(seconds);
  }
}
console.log(`${values.model}: seconds until the reading is half-way to that of the next song`);
console.table(Object.fromEntries(AXES.map((axis) => [axis, quantiles(delays[axis])])));

if (files.length > 0) {
  const moved: Record<Axis, number[]> = { valence: [], arousal: [] };
  for (const file of files) {
    const frames = await framesOf(openRecording(file).source);
    for (const axis of AXES) {
      const readings = frames.map((frame) => frame[axis]);
      moved[axis].push(rmsChange(readings, MOVEMENT_STEPS));
    }
  }
  console.log(
    `RMS change of the reading within ${MOVEMENT_STEPS * STEP_SECONDS} s, over ${files.length} files`,
  );
  console.table(Object.fromEntries(AXES.map((axis) => [axis, quantiles(moved[axis])])));
}
await tracker.close();

async function framesOf(source: Source): Promise<EmotionFrame[]> {
  tracker.reset();
  const frames: EmotionFrame[] = [];
  for await (const message of tracker.track(source)) if (message.type === 'emotion') frames.push(message);
  return frames;
}

function labelOf(clip: Clip) {
  return labelBetween(dataset, clip, 9000) ?? { valence: Number.NaN, arousal: Number.NaN };
}

function quantiles(values: readonly number[]): Record<string, number> {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    Number((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(3));
  return { n: sorted.length, median: at(0.5), '90 %': at(0.9) };
}
