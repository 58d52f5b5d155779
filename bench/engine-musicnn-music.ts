/*
 * How close are the tagger's streaming features to those of the published model, which computes each patch of 3 s
 * from scratch? They differ only at the oldest edge of the patch, where the patch has zeros and the stream has real audio.
 *
 *   npm run bench engine-musicnn-music -- FILE…
 *
 * One row per recording. r and RMSE cover all features and all steps from 3 s on; sd is that of the patch's
 * features. The tags are those with the highest mean probability.
 */
import { loadEngine } from '../src/model/engine.ts';
import { loadMusicnn } from '../src/model/kinds/undertone/front-ends/musicnn/musicnn.ts';
import { FEATURES } from '../src/model/kinds/undertone/front-ends/musicnn/sizes.ts';
import { FeatureExtractor } from '../src/stream/feature-extractor.ts';
import { loadFft } from '../src/stream/fft.ts';
import { openRecording } from '../src/stream/sources/index.ts';

const WEIGHTS = new URL('../models/musicnn', import.meta.url).pathname;
const STEPS_OF_A_PATCH = 6;

const engine = await loadEngine('auto');
const musicnn = await loadMusicnn(engine, WEIGHTS);
const plans = await loadFft();
console.log(engine.description);

const rows: Record<string, string | number>[] = [];
for (const file of process.argv.slice(2)) {
  const [patch, stream, tags, streamTags] = [[], [], [], []] as Float32Array[][];
  let extractor: FeatureExtractor | undefined;
  let state = musicnn.initialState();
  for await (const item of openRecording(file).source.open(new AbortController().signal)) {
    if (item.type !== 'audio') continue;
    extractor ??= new FeatureExtractor(plans, item);
    for (const window of extractor.push(item.samples, item.arrivedAtMs)) {
      const step = musicnn.step([{ window, state }])[0]!;
      state = step.state;
      if (window.step < STEPS_OF_A_PATCH) continue;
      const whole = musicnn.patch(window.mel)[0]!;
      patch!.push(whole.features);
      stream!.push(step.features);
      tags!.push(whole.logits);
      streamTags!.push(step.logits);
    }
  }
  const row: Record<string, string | number> = {
    file: file.split('/').at(-1)!.slice(0, 24),
    steps: patch!.length,
  };
  for (const [name, [from, to]] of Object.entries(FEATURES)) {
    row[name] = agreement(patch!, stream!, from, to);
  }
  row['tags (patch)'] = topTags(tags!);
  row['tags (stream)'] = topTags(streamTags!);
  rows.push(row);
}
console.table(rows);

function agreement(
  expected: readonly Float32Array[],
  actual: readonly Float32Array[],
  from: number,
  to: number,
): string {
  const x = expected.flatMap((values) => [...values.subarray(from, to)]);
  const y = actual.flatMap((values) => [...values.subarray(from, to)]);
  const [mx, my] = [mean(x), mean(y)];
  const sd = Math.sqrt(mean(x.map((value) => (value - mx) ** 2)));
  const sdy = Math.sqrt(mean(y.map((value) => (value - my) ** 2)));
  const r = mean(x.map((value, i) => (value - mx) * (y[i]! - my))) / (sd * sdy);
  const rmse = Math.sqrt(mean(x.map((value, i) => (value - y[i]!) ** 2)));
  return `r ${r.toFixed(4)} RMSE ${rmse.toFixed(3)} sd ${sd.toFixed(2)}`;
}

function topTags(logits: readonly Float32Array[]): string {
  const probability = musicnn.tags.map((_, i) => mean(logits.map((step) => 1 / (1 + Math.exp(-step[i]!)))));
  const order = probability.map((_, i) => i).sort((a, b) => probability[b]! - probability[a]!);
  return order
    .slice(0, 3)
    .map((i) => `${musicnn.tags[i]} ${probability[i]!.toFixed(2)}`)
    .join(', ');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
