/*
 * How accurate is each model that was tried, and what does it cost? Prints docs/accuracy-cost.csv as a table and
 * draws it as docs/img/accuracy-cost.svg.
 *
 *   npm run bench accuracy-cost
 *
 * The CSV is maintained by hand, from docs/model-journal.md and `npm run bench model-step`. The picture omits rows
 * without a cost.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { scatterChart } from '../lab/plots/scatter-chart.ts';
import { type Chart, svgDocument } from '../lab/plots/svg.ts';
import { parseCsv } from '../src/util/read-csv.ts';

const docs = new URL('../docs/', import.meta.url);
const COLUMNS = ['model', 'songs', 'arousal_r2', 'valence_r2', 'ms_per_step'] as const;
const text = await readFile(new URL('accuracy-cost.csv', docs), 'utf8');
const all = parseCsv(text, 'accuracy-cost.csv', COLUMNS);
const rows = all.filter(({ ms_per_step: ms }) => Number(ms) > 0);

function chart(axis: 'arousal' | 'valence'): Chart {
  return scatterChart({
    title: `R² of ${axis}`,
    x: { label: 'ms of CPU per step and stream, batch of 64 on wasm', scale: 'log' },
    y: { label: 'R²' },
    width: 620,
    height: 420,
    groups: [...new Set(rows.map(({ songs }) => songs))].map((songs) => ({
      name: songs,
      points: rows
        .filter((row) => row.songs === songs)
        .map((row) => ({ x: Number(row.ms_per_step), y: Number(row[`${axis}_r2`]), text: row.model })),
    })),
  });
}

await writeFile(
  new URL('img/accuracy-cost.svg', docs),
  svgDocument([chart('arousal'), chart('valence')], 1, 'Accuracy against cost of the models that were tried'),
);
console.table(all);
console.log('Wrote docs/img/accuracy-cost.svg.');
