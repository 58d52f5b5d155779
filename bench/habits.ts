/*
 * How soon does a model let go of the song before, does the volume knob fool it, and does it drift over hours?
 *
 *   npm run bench habits -- --data DIR [--model undertone] [--pairs 60] [--hours 6] [--split held-out] [--engine auto]
 *
 * Change of track: pairs of clips whose levels lie at least 0.1 apart, cut hard against each other after
 * 10 s. A clip's level is what the model says at its end, having heard it alone. The half-way point is the
 * first step after the cut from which on the output stays nearer to the new level than to the old one.
 *
 * Volume: the same clip 6 dB louder and softer, step by step beside itself as it is.
 *
 * Drift: the same clips in random order, hard against each other, in one run of so many hours; the last 3 s of
 * each clip beside the same seconds of the clip from a fresh state. What the run adds, it would add more of
 * from hour to hour if it drifted.
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
import { type AudioChunk, AXES, type Axis, STEP_SECONDS } from '../src/types.ts';

const APART = 0.1;
/** 3 s, the length of a window: by then nothing of the clip before is heard any more. */
const LAST_STEPS = 6;
type Said = Record<Axis, number>[];

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'deam' },
    model: { type: 'string', default: 'undertone' },
    pairs: { type: 'string', default: '60' },
    hours: { type: 'string', default: '0' },
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
  .slice(0, 2 * Number(values.pairs))
  .map((i) => part!.clips[i]!);

const heard = new Map<Clip, { audio: AudioChunk[]; said: Said }>();
const moved: Record<string, number[]> = {};
for (const clip of chosen) {
  const audio = await read(clip);
  const said = say(audio);
  heard.set(clip, { audio, said });
  for (const gainDb of [-6, 6]) {
    const other = say(audio.map((chunk) => louder(chunk, gainDb)));
    for (const axis of AXES) {
      const key = `${gainDb > 0 ? '+' : ''}${gainDb} dB, ${axis}`;
      moved[key] = [...(moved[key] ?? []), ...said.map((s, k) => Math.abs(other[k]![axis] - s[axis]))];
    }
  }
}
const seconds: Record<string, number[]> = { valence: [], arousal: [] };
for (let i = 0; i + 1 < chosen.length; i += 2) {
  const [a, b] = [heard.get(chosen[i]!)!, heard.get(chosen[i + 1]!)!];
  const after = say([...a.audio, ...b.audio]).slice(a.said.length);
  for (const axis of AXES) {
    const [from, to] = [a.said.at(-1)![axis], b.said.at(-1)![axis]];
    if (Math.abs(to - from) < APART) continue;
    const away = after.findLastIndex((s) => Math.abs(s[axis] - to) > Math.abs(s[axis] - from));
    seconds[axis]!.push((away + 2) * STEP_SECONDS);
  }
}
console.log(`${values.model} on ${engine.description}, ${chosen.length} clips (${part!.name}).\n`);
console.log('Seconds after a cut to the half-way point');
for (const axis of AXES) console.log(`  ${axis}: ${summary(seconds[axis]!)}, ${seconds[axis]!.length} cuts`);
console.log('Change of the output by the volume knob');
for (const [key, changes] of Object.entries(moved)) console.log(`  ${key}: ${summary(changes)}`);
const hours = Number(values.hours);
if (hours > 0) drift(hours);

function drift(hours: number): void {
  const analyzer = new StreamAnalyzer('bench', plans);
  let state = model.initialState();
  let steps = 0;
  console.log('Run on without a restart, minus restarted with each clip (mean; mean absolute)');
  for (let part = 1; part <= Math.ceil(hours * 2); part++) {
    const differences: Record<string, number[]> = { valence: [], arousal: [] };
    while (steps < part * 3600) {
      const { audio, said } = heard.get(chosen[random.below(chosen.length)]!)!;
      const run: Said = [];
      for (const chunk of audio) {
        for (const window of analyzer.analyze(chunk)) {
          if (!('mel' in window)) continue;
          const [output] = model.step([{ window, state }]);
          state = output!.state;
          run.push({ valence: output!.valence, arousal: output!.arousal });
        }
      }
      steps += run.length;
      const n = Math.min(LAST_STEPS, run.length, said.length);
      for (const axis of AXES) {
        for (let k = 1; k <= n; k++) differences[axis]!.push(run.at(-k)![axis] - said.at(-k)![axis]);
      }
    }
    const line = AXES.map((axis) => {
      const all = differences[axis]!;
      const mean = all.reduce((sum, d) => sum + d, 0) / all.length;
      const absolute = all.reduce((sum, d) => sum + Math.abs(d), 0) / all.length;
      return `${axis} ${mean.toFixed(3)}; ${absolute.toFixed(3)}`;
    });
    console.log(`  up to ${part / 2} h: ${line.join(', ')}`);
  }
}

async function read(clip: Clip): Promise<AudioChunk[]> {
  const chunks: AudioChunk[] = [];
  for await (const item of openRecording(clip.path).source.open(new AbortController().signal)) {
    if (item.type === 'audio') chunks.push(item);
  }
  return chunks;
}

function say(audio: readonly AudioChunk[]): Said {
  const analyzer = new StreamAnalyzer('bench', plans);
  const said: Said = [];
  let state = model.initialState();
  for (const chunk of audio) {
    for (const window of analyzer.analyze(chunk)) {
      if (!('mel' in window)) continue;
      const [output] = model.step([{ window, state }]);
      state = output!.state;
      said.push({ valence: output!.valence, arousal: output!.arousal });
    }
  }
  return said;
}

/** Not clipped: it is the volume that is asked about, not the distortion of an overdriven input. */
function louder(chunk: AudioChunk, gainDb: number): AudioChunk {
  const gain = 10 ** (gainDb / 20);
  return { ...chunk, samples: chunk.samples.map((x) => gain * x) };
}

function summary(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(2);
  return `median ${at(0.5)}, 9 of 10 under ${at(0.9)}`;
}
