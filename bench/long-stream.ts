/*
 * Does the reading of a model drift over hours?
 *
 *   npm run bench long-stream -- --data DIR [--model undertone] [--clips 120] [--hours 6] [--split held-out] [--engine auto]
 *
 * The clips in random order, joined with hard cuts, in one run of `hours` hours. The last 3 s of each clip are compared
 * with the same seconds of the clip from a fresh state. A drift would make the difference grow. How soon the reading
 * follows a cut: `npm run bench steadiness`.
 */
import { parseArgs } from 'node:util';
import { type Clip, readDataset } from '../lab/datasets/dataset.ts';
import { type EvaluationPart, evaluationParts, readSplit } from '../lab/evaluate/parts.ts';
import { Random } from '../lab/train/random.ts';
import { type EngineName, loadEngine } from '../src/model/engine.ts';
import { findModel, loadModel } from '../src/model/load.ts';
import { loadFft } from '../src/stream/fft.ts';
import { openRecording } from '../src/stream/sources/index.ts';
import { StreamAnalyzer } from '../src/stream/stream-analyzer.ts';
import { type AudioChunk, AXES, type Axis } from '../src/types.ts';

/** 3 s, the length of a window: in them the input contains nothing of the clip before. */
const LAST_STEPS = 6;
type Predictions = Record<Axis, number>[];

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'deam' },
    model: { type: 'string', default: 'undertone' },
    clips: { type: 'string', default: '120' },
    hours: { type: 'string', default: '6' },
    split: { type: 'string', default: 'held-out' },
    engine: { type: 'string', default: 'auto' },
  },
});
const modelsFolder = new URL('../models', import.meta.url).pathname;
const engine = await loadEngine(values.engine as EngineName | 'auto');
const model = await loadModel(values.model, engine, { modelsFolder });
const plans = await loadFft();

const { clips } = await readDataset(values.data);
const split = await readSplit(await findModel(values.model, { modelsFolder }));
const [part] = evaluationParts(clips, split, values.split as EvaluationPart);
const random = new Random(1);
const chosen = random
  .permutation(part!.clips.length)
  .slice(0, Number(values.clips))
  .map((i) => part!.clips[i]!);

const analyzed = new Map<Clip, { audio: AudioChunk[]; predictions: Predictions }>();
for (const clip of chosen) {
  const audio = await read(clip);
  const predictions = predict(audio);
  analyzed.set(clip, { audio, predictions });
}
console.log(`${values.model} on ${engine.description}, ${chosen.length} clips (${part!.name}).`);
console.log('Continuous run minus fresh state for each clip');
console.table(drift(Number(values.hours)));

/** One row for each half hour. */
function drift(hours: number): Record<string, number | string>[] {
  const run = createRun();
  const rows: Record<string, number | string>[] = [];
  let steps = 0;
  for (let part = 1; part <= Math.ceil(hours * 2); part++) {
    const differences: Record<Axis, number[]> = { valence: [], arousal: [] };
    while (steps < part * 3600) {
      const { audio, predictions } = analyzed.get(chosen[random.below(chosen.length)]!)!;
      const continuous = run(audio);
      steps += continuous.length;
      const n = Math.min(LAST_STEPS, continuous.length, predictions.length);
      for (const axis of AXES) {
        for (let k = 1; k <= n; k++)
          differences[axis].push(continuous.at(-k)![axis] - predictions.at(-k)![axis]);
      }
    }
    const row: Record<string, number | string> = { 'up to h': part / 2 };
    for (const axis of AXES) {
      const all = differences[axis];
      row[`${axis}, mean`] = (all.reduce((sum, d) => sum + d, 0) / all.length).toFixed(3);
      row[`${axis}, mean absolute`] = (all.reduce((sum, d) => sum + Math.abs(d), 0) / all.length).toFixed(3);
    }
    rows.push(row);
  }
  return rows;
}

async function read(clip: Clip): Promise<AudioChunk[]> {
  const chunks: AudioChunk[] = [];
  for await (const item of openRecording(clip.path).source.open(new AbortController().signal)) {
    if (item.type === 'audio') chunks.push(item);
  }
  return chunks;
}

/** Predicts from a fresh state. */
function predict(audio: readonly AudioChunk[]): Predictions {
  return createRun()(audio);
}

/** Starts from a fresh state; each call of the returned function continues the run. */
function createRun(): (audio: readonly AudioChunk[]) => Predictions {
  const analyzer = new StreamAnalyzer('bench', plans, undefined, model.needs);
  let state = model.initialState();
  return (audio) => {
    const predictions: Predictions = [];
    for (const chunk of audio) {
      for (const window of analyzer.analyze(chunk)) {
        if (!('mel' in window)) continue;
        const [output] = model.step([{ window, state }]);
        state = output!.state;
        predictions.push({ valence: output!.valence, arousal: output!.arousal });
      }
    }
    return predictions;
  };
}
