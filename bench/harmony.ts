/*
 * What do the optional parts of a window cost: mel frames in dB, and harmony? In ms of CPU per second of audio.
 *
 *   npm run bench harmony
 */
import { Harmony } from '../src/stream/chroma/harmony.ts';
import { loadFft } from '../src/stream/fft.ts';
import { FineMel } from '../src/stream/fine-mel.ts';

const SECONDS = 60;
const plans = await loadFft();
const table: Record<string, number>[] = [];
for (const rate of [16_000, 22_050, 44_100, 48_000, 96_000, 192_000]) {
  const step = Float32Array.from({ length: rate / 2 }, () => Math.random() - 0.5);
  table.push({
    'sample rate': rate,
    'mel frames in dB': cost(new FineMel(plans, rate), step),
    harmony: cost(new Harmony(plans, rate), step),
  });
}
console.table(table);

function cost(part: FineMel | Harmony, samples: Float32Array): number {
  const run = (seconds: number) => {
    for (let step = 0; step < 2 * seconds; step++) {
      part.push(samples);
      part.end();
    }
  };
  run(5); // Compiles code and fills tables.
  const { user, system } = process.cpuUsage();
  run(SECONDS);
  const after = process.cpuUsage();
  return Math.round((after.user + after.system - user - system) / 10 / SECONDS) / 100;
}
