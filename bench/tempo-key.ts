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
import { TempoAndKey } from '../src/library/analysis/tempo-and-key.ts';
import { agreement } from '../src/library/estimate-agreement.ts';
import { keyName } from '../src/library/music/musical-key.ts';
import { loadFft } from '../src/stream/fft.ts';
import { openRecording } from '../src/stream/sources/index.ts';

const truth = process.argv[2]!;
const rows: { file: string; bpm: string; key: string }[] = parse(readFileSync(truth), { columns: true });
const fft = await loadFft();
const estimates = [];
for (const { file, bpm, key } of rows) {
  const found = new TempoAndKey(fft);
  for await (const item of openRecording(resolve(dirname(truth), file)).source.open(
    new AbortController().signal,
  )) {
    if (item.type === 'audio') found.push(item);
  }
  const { tempo, key: foundKey } = found;
  const one = {
    path: file,
    bpm: bpm ? Number(bpm) : null,
    estimatedBpm: tempo?.bpm ?? null,
    tempoConfidence: tempo?.confidence ?? null,
    key: key || null,
    estimatedKey: foundKey && keyName(foundKey.key),
  };
  estimates.push(one);
  console.log(Object.values(one).join('\t'));
}
console.log(agreement(estimates));
