/*
 * What does a step of the audio transformer CED cost in its windowed and in its streaming form, for each engine and batch
 * size?
 *
 *   npm run bench engine-ced -- [wasm|node|gpu|cpu …]     (default: all installed engines except cpu)
 *
 * Times are the median of the rounds in ms per stream and step; CPU time is that of all threads.
 */
import { ENGINE_NAMES, type EngineName, isInstalled, loadEngine } from '../src/model/engine.ts';
import { loadFrontEnd } from '../src/model/kinds/undertone/front-ends/index.ts';
import { HARMONY_FEATURES } from '../src/stream/chroma/harmony.ts';
import { FINE_BANDS, FINE_FRAMES } from '../src/stream/fine-mel.ts';
import type { StepWindow } from '../src/types.ts';

const MODELS = new URL('../models', import.meta.url).pathname;
const BATCHES = [1, 8, 64];
const FORMS = ['ced', 'ced-streaming'] as const;
/** Until a window is full. */
const FIRST_STEPS = 8;

const requested = process.argv.slice(2) as EngineName[];
const names =
  requested.length > 0 ? requested : ENGINE_NAMES.filter((name) => name !== 'cpu' && isInstalled(name));

const rows: Record<string, string | number>[] = [];
for (const name of names) {
  const engine = await loadEngine(name);
  for (const form of FORMS) {
    const frontEnd = await loadFrontEnd(form, engine, MODELS);
    for (const batch of BATCHES) {
      const mel = Float32Array.from({ length: FINE_FRAMES * FINE_BANDS }, () => 20 * Math.random());
      const harmony = new Float32Array(HARMONY_FEATURES);
      let states = Array.from({ length: batch }, () => frontEnd.initialState());
      let step = 0;
      const run = () => {
        const frames = 47 + 50 * step;
        const window: StepWindow = {
          step,
          mel: new Float32Array(0),
          newFrames: 31,
          loudness: -20,
          arrivedAtMs: 0,
          fine: { mel, frames, newFrames: step === 0 ? 47 : 50 },
          harmony,
        };
        step++;
        states = [...frontEnd.extract(states.map((state) => ({ window, state })))!.states];
      };
      rows.push({ engine: name, form, batch, ...measure(batch, run) });
    }
    frontEnd.dispose();
  }
}
console.table(rows);

function measure(batch: number, run: () => void) {
  for (let step = 0; step < FIRST_STEPS; step++) run();
  const rounds = batch === 1 ? 40 : batch === 8 ? 16 : 8;
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    run();
    times.push((performance.now() - start) / batch);
  }
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  const round2 = (ms: number) => Math.round(ms * 100) / 100;
  return {
    ms: round2(times[rounds >> 1]!),
    'slowest ms': round2(times.at(-1)!),
    'CPU ms': round2((user + system) / 1000 / rounds / batch),
  };
}
