/*
 * What does a step of a whole model cost, for each engine and number of streams in a batch?
 *
 *   npm run bench model-step -- [--model undertone --model undertone-lite] [--engine wasm --engine node] [--batch 8]
 *
 * Times are the median of the rounds in ms per stream and step; CPU time is that of all threads.
 */
import { parseArgs } from 'node:util';
import { type EngineName, isInstalled, loadEngine } from '../src/model/engine.ts';
import { loadModel } from '../src/model/load.ts';
import { HARMONY_FEATURES } from '../src/stream/chroma/harmony.ts';
import { FINE_BANDS, FINE_FRAMES } from '../src/stream/fine-mel.ts';
import { MEL_BANDS } from '../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../src/stream/mel-ring.ts';
import type { EmotionModel, StepWindow } from '../src/types.ts';
import { median } from './load/quantiles.ts';

const WARM_UP = 10;
const modelsFolder = new URL('../models', import.meta.url).pathname;

const { values } = parseArgs({
  options: {
    model: { type: 'string', multiple: true, default: ['undertone', 'undertone-lite'] },
    batch: { type: 'string', multiple: true, default: ['1', '8', '64'] },
    engine: { type: 'string', multiple: true, default: ['wasm', 'node'].filter(isEngineInstalled) },
  },
});

const table: Record<string, string | number>[] = [];
for (const engineName of values.engine) {
  const engine = await loadEngine(engineName as EngineName);
  for (const name of values.model) {
    const model = await loadModel(name, engine, { modelsFolder });
    for (const batch of values.batch.map(Number))
      table.push({ engine: engineName, model: name, batch, ...measure(model, batch) });
    model.dispose();
  }
}
console.table(table);

function measure(model: EmotionModel, batch: number): Record<string, number> {
  const mel = Float32Array.from({ length: WINDOW_FRAMES * MEL_BANDS }, () => 3 * Math.random());
  const fine = Float32Array.from({ length: FINE_FRAMES * FINE_BANDS }, () => 20 * Math.random());
  const harmony = new Float32Array(HARMONY_FEATURES);
  let states = Array.from({ length: batch }, () => model.initialState());
  const walls: number[] = [];
  const cpus: number[] = [];
  for (let step = 0; step < (batch === 64 ? 5 : 60) + WARM_UP; step++) {
    const window: StepWindow = {
      step,
      mel,
      newFrames: step % 4 === 3 ? 32 : 31,
      loudness: -20,
      arrivedAtMs: 0,
      fine: { mel: fine, frames: 47 + 50 * step, newFrames: step === 0 ? 47 : 50 },
      harmony,
    };
    const cpu = process.cpuUsage();
    const began = performance.now();
    states = model.step(states.map((state) => ({ window, state }))).map(({ state }) => state);
    const wall = performance.now() - began;
    const { user, system } = process.cpuUsage(cpu);
    if (step < WARM_UP) continue;
    walls.push(wall / batch);
    cpus.push((user + system) / 1000 / batch);
  }
  const rounded = (numbers: readonly number[]) => Number(median(numbers).toFixed(2));
  return { 'ms per step': rounded(walls), 'CPU ms': rounded(cpus) };
}

function isEngineInstalled(name: string): boolean {
  return isInstalled(name as EngineName);
}
