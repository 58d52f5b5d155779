/*
 * How well do the library's estimates of tempo and key agree with known ones?
 *
 *   npm run bench tempo-key -- TRUTH.csv
 *
 * TRUTH.csv has the columns `file` (a path, relative to the CSV), `bpm` and `key` (Am, 8A, …); either may be empty.
 * Tempo: within 4 % of the known one, or of a third, half, double or triple of it (accuracies 1 and 2 of Gouyon et al.
 * 2006). Key: equal, or a neighbor on the Camelot wheel.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { KeyEstimator } from '../src/library/analysis/key.ts';
import { TempoEstimator } from '../src/library/analysis/tempo.ts';
import { agreement } from '../src/library/estimate-agreement.ts';
import { keyName } from '../src/library/music/musical-key.ts';
import { ChromaFrames } from '../src/stream/chroma/chroma-frames.ts';
import { loadFft } from '../src/stream/fft.ts';
import { MelFrames } from '../src/stream/mel.ts';
import { mixToMono } from '../src/stream/mono.ts';
import { openRecording } from '../src/stream/sources/index.ts';

const truth = process.argv[2]!;
const rows: { file: string; bpm: string; key: string }[] = parse(readFileSync(truth), { columns: true });
const fft = await loadFft();
const estimates = [];
for (const { file, bpm, key } of rows) {
  const tempo = new TempoEstimator();
  const keys = new KeyEstimator();
  let mel: MelFrames | undefined;
  let chroma: ChromaFrames | undefined;
  for await (const item of openRecording(resolve(dirname(truth), file)).source.open(
    new AbortController().signal,
  )) {
    if (item.type !== 'audio') continue;
    const { samples, channels, sampleRateHz } = item;
    mel ??= new MelFrames(fft, sampleRateHz);
    chroma ??= new ChromaFrames(fft, sampleRateHz, (frame) => keys.push(frame));
    const mono = mixToMono(samples, channels, new Float32Array(samples.length / channels));
    mel.push(mono, (frame) => tempo.push(frame));
    chroma.push(mono);
  }
  const found = { tempo: tempo.tempo, key: keys.estimate };
  const one = {
    path: file,
    bpm: bpm ? Number(bpm) : null,
    estimatedBpm: found.tempo?.bpm ?? null,
    tempoConfidence: found.tempo?.confidence ?? null,
    key: key || null,
    estimatedKey: found.key && keyName(found.key.key),
  };
  estimates.push(one);
  console.log(Object.values(one).join('\t'));
}
console.log(agreement(estimates));
