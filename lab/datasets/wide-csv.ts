import { badData } from './layout.ts';
import { idOf, readLooseTable } from './loose-csv.ts';

/** By song, then by ms. */
export type WideTable = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** A row per song and a column per time, `song_id, sample_15000ms, sample_15500ms, …`; cells may be empty. */
export async function readWideCsv(path: string): Promise<WideTable> {
  const { header, rows } = await readLooseTable(path);
  const times = header.map((name) => Number(/^sample_(\d+)ms$/.exec(name)?.[1] ?? Number.NaN));
  if (header[0] !== 'song_id' || !times.some(Number.isFinite)) {
    throw badData(
      `${path} does not begin with song_id, sample_15000ms, …`,
      'get it anew from its authors, or give it that header',
    );
  }
  return new Map(
    rows.map(([id = '', ...cells]) => {
      const values = cells.flatMap((cell, i): [number, number][] => {
        const [ms, value] = [times[i + 1]!, cell === '' ? Number.NaN : Number(cell)];
        return Number.isFinite(ms) && Number.isFinite(value) ? [[ms, value]] : [];
      });
      return [idOf(id), new Map(values)];
    }),
  );
}
