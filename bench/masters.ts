/*
 * How much does the reading depend on how a recording was mastered, and on the gain of the input?
 *
 *   npm run bench masters -- --data DIR [--model undertone] [--clips 100] [--split held-out] [--engine auto]
 *
 * The same clips as recorded, at other levels, and with other bass (under 200 Hz) and treble (above 3 kHz). Changes are over
 * the steps that have a reading in both; R² and CCC are against the labels.
 */
import { parseArgs } from 'node:util';
import { readDataset } from '../lab/datasets/dataset.ts';
import type { EvaluatedStep } from '../lab/evaluate/evaluate.ts';
import { evaluateClips } from '../lab/evaluate/evaluate-clips.ts';
import { axisScores } from '../lab/evaluate/metrics.ts';
import { type EvaluationPart, evaluationParts, readSplit } from '../lab/evaluate/parts.ts';
import type { Mastering } from '../lab/train/augment/mastering.ts';
import { Random } from '../lab/train/random.ts';
import { type EngineName, loadEngine } from '../src/model/engine.ts';
import { findModel } from '../src/model/load.ts';
import { AXES } from '../src/types.ts';

const AS_RECORDED: Mastering = { speed: 1, gainDb: 0, bassDb: 0, trebleDb: 0 };
const MASTERINGS: Record<string, Partial<Mastering>> = {
  '+6 dB': { gainDb: 6 },
  '−6 dB': { gainDb: -6 },
  '−12 dB': { gainDb: -12 },
  '−20 dB': { gainDb: -20 },
  'bass +5, treble −5 dB': { bassDb: 5, trebleDb: -5 },
  'bass −5, treble +5 dB': { bassDb: -5, trebleDb: 5 },
};

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'deam' },
    model: { type: 'string', default: 'undertone' },
    clips: { type: 'string', default: '100' },
    split: { type: 'string', default: 'held-out' },
    engine: { type: 'string', default: 'auto' },
  },
});
const engine = await loadEngine(values.engine as EngineName | 'auto');
const model = await findModel(values.model, { modelsFolder: new URL('../models', import.meta.url).pathname });
const dataset = await readDataset(values.data);
const [part] = evaluationParts(dataset.clips, await readSplit(model), values.split as EvaluationPart);
const clips = new Random(1)
  .permutation(part!.clips.length)
  .slice(0, Number(values.clips))
  .map((i) => part!.clips[i]!);

console.log(`${values.model} on ${engine.description}, ${clips.length} clips (${part!.name}).`);
const recorded = await stepsOf();
const rows: Record<string, Record<string, string>> = { 'as recorded': scoresOf(recorded) };
for (const [name, mastering] of Object.entries(MASTERINGS)) {
  const steps = await stepsOf({ ...AS_RECORDED, ...mastering });
  rows[name] = { ...scoresOf(steps), ...changesOf(steps) };
}
console.table(rows);

/** The evaluated steps of all clips by clip and time. */
async function stepsOf(mastering?: Mastering): Promise<Map<string, EvaluatedStep>> {
  const evaluated = await evaluateClips({
    dataset,
    clips,
    model,
    engine,
    ...(mastering && { mastering }),
  });
  return new Map([...evaluated.values()].flatMap(({ steps }) => steps.map((s) => [`${s.file} ${s.t}`, s])));
}

function scoresOf(steps: ReadonlyMap<string, EvaluatedStep>): Record<string, string> {
  const all = [...steps.values()];
  return Object.fromEntries(
    AXES.map((axis) => {
      const { r2, ccc } = axisScores([
        {
          predicted: Float64Array.from(all, ({ predicted }) => predicted[axis]),
          actual: Float64Array.from(all, ({ label }) => label[axis]),
        },
      ]);
      return [`${axis}: R² / CCC`, `${r2.toFixed(3)} / ${ccc.toFixed(3)}`];
    }),
  );
}

function changesOf(steps: ReadonlyMap<string, EvaluatedStep>): Record<string, string> {
  const pairs = [...steps].flatMap(([key, step]) => {
    const before = recorded.get(key);
    return before ? [{ step, before }] : [];
  });
  return Object.fromEntries(
    AXES.map((axis) => {
      const changes = pairs.map(({ step, before }) => step.predicted[axis] - before.predicted[axis]);
      const mean = changes.reduce((sum, x) => sum + x, 0) / changes.length;
      const rms = Math.sqrt(changes.reduce((sum, x) => sum + x * x, 0) / changes.length);
      return [`${axis}: mean / RMS change`, `${mean.toFixed(3)} / ${rms.toFixed(3)}`];
    }),
  );
}
