/*
 * What does a step of the music tagger cost as published (the whole patch is computed at every step) and in its
 * streaming form, for each engine and batch size?
 *
 *   npm run bench engine-musicnn -- [wasm|node|gpu|cpu …]     (default: all installed engines except cpu)
 *
 * Times are the median of the rounds in ms per stream and step; CPU time is that of all threads.
 */
import { ENGINE_NAMES, type EngineName, isInstalled, loadEngine } from '../src/model/engine.ts';
import { loadMusicnn, type Musicnn } from '../src/model/kinds/undertone/front-ends/musicnn/musicnn.ts';
import { MEL_BANDS } from '../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../src/stream/mel-ring.ts';

const WEIGHTS = new URL('../models/musicnn', import.meta.url).pathname;
const BATCHES = [1, 8, 64];
const SIZE = WINDOW_FRAMES * MEL_BANDS;

const requested = process.argv.slice(2) as EngineName[];
const names =
  requested.length > 0 ? requested : ENGINE_NAMES.filter((name) => name !== 'cpu' && isInstalled(name));

const rows: Record<string, string | number>[] = [];
for (const name of names) {
  const engine = await loadEngine(name);
  const musicnn = await loadMusicnn(engine, WEIGHTS);
  for (const batch of BATCHES) {
    const rounds = batch === 64 ? 5 : 15;
    const whole = measure(rounds, batch, wholePatch(musicnn, batch));
    const stream = measure(rounds, batch, streaming(musicnn, batch));
    rows.push({
      engine: name,
      batch,
      'patch ms': whole.ms,
      'patch CPU ms': whole.cpu,
      'stream ms': stream.ms,
      'stream CPU ms': stream.cpu,
      'slowest stream ms': stream.slowest,
    });
  }
  musicnn.dispose();
}
console.table(rows);

function wholePatch(musicnn: Musicnn, batch: number): () => void {
  const mel = noise(batch * SIZE);
  return () => {
    musicnn.patch(mel);
  };
}

function streaming(musicnn: Musicnn, batch: number): () => void {
  const mel = noise(SIZE);
  let states = Array.from({ length: batch }, () => musicnn.initialState());
  let step = 0;
  return () => {
    const window = { mel, newFrames: step % 4 === 3 ? 32 : 31, step: 8 + step++ };
    states = musicnn.step(states.map((state) => ({ window, state }))).map(({ state }) => state);
  };
}

function noise(count: number): Float32Array {
  return Float32Array.from({ length: count }, () => Math.random() * 3);
}

function measure(rounds: number, batch: number, run: () => void) {
  run(); // Packs weights and compiles code.
  run();
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
    slowest: round2(times.at(-1)!),
    cpu: round2((user + system) / 1000 / rounds / batch),
  };
}
