/*
 * Draws what every model that was tried gains and costs: docs/accuracy-cost.csv → docs/img/accuracy-cost.svg.
 *
 *   npm run bench accuracy-cost
 *
 * The table is kept by hand, from the journal and from `npm run bench model-step`; rows without a cost are
 * left out of the picture.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseCsv } from '../lab/datasets/csv.ts';
import { scatterChart } from '../lab/plots/scatter-chart.ts';
import { type Chart, svgDocument } from '../lab/plots/svg.ts';

const docs = new URL('../docs/', import.meta.url);
const COLUMNS = ['model', 'songs', 'arousal_r2', 'valence_r2', 'ms_per_step'] as const;
const text = await readFile(new URL('accuracy-cost.csv', docs), 'utf8');
const rows = parseCsv(text, 'accuracy-cost.csv', COLUMNS).filter(({ ms_per_step: ms }) => Number(ms) > 0);

function chart(axis: 'arousal' | 'valence'): Chart {
  return scatterChart({
    title: `R² of ${axis}`,
    x: { label: 'ms of CPU a step and stream, 64 on wasm', scale: 'log' },
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
console.log('Wrote docs/img/accuracy-cost.svg.');
