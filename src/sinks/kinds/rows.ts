import { csvHeader, csvRow } from '../../csv.ts';
import type { ValueOptions } from '../mapping/mapping.ts';
import { BadSink, type SinkUri, wordParam } from '../sink-uri.ts';
import type { SinkStep, SinkTarget } from './stream-sink-kind.ts';

/** How steps are written as lines of text. */
export interface Rows {
  /** First line of a file, with its line feed; empty: there is none. */
  readonly header: string;
  /** A step as one line, with its line feed; empty for a step without anything to write. */
  line(step: SinkStep): string;
}

const FORMATS = ['ndjson', 'csv'] as const;
type Format = (typeof FORMATS)[number];

/** The option `format` of a sink; `fallback` without it. */
export const rowFormat = (uri: SinkUri, fallback: Format): Format =>
  uri.params.has('format') ? wordParam(uri, 'format', FORMATS) : fallback;

/**
 * NDJSON or CSV. Whole frames are written like the output of `undertone track`; mapped values as one column each,
 * after `stream`, `t` and `time`. A value that is not due is left out, or an empty cell.
 *
 * @throws BadSink for two values in one column
 */
export function createRows(format: Format, { values }: Pick<SinkTarget, 'values'>): Rows {
  const columns = columnsOf(values ?? []);
  if (new Set(columns).size < columns.length)
    throw new BadSink('expected a different "as" for each value, which names its column');
  if (format === 'ndjson')
    return {
      header: '',
      line(step) {
        if (step.values.length === 0) return step.frame ? `${JSON.stringify(step.frame)}\n` : '';
        const { stream, t, timeMs } = step;
        return `${JSON.stringify({ stream, t, time: new Date(timeMs).toISOString(), ...Object.fromEntries(cellsOf(step)) })}\n`;
      },
    };
  const isWhole = values === undefined;
  const mapped = [...OWN_COLUMNS, ...columns];
  return {
    header: `${isWhole ? csvHeader() : mapped.map(quoted).join(',')}\n`,
    line(step) {
      if (isWhole) return step.frame ? `${csvRow(step.frame)}\n` : '';
      const cells = new Map(cellsOf(step));
      const own = [step.stream, step.t, new Date(step.timeMs).toISOString()];
      return `${[...own, ...columns.map((column) => quoted(cells.get(column)))].join(',')}\n`;
    },
  };
}

const OWN_COLUMNS = ['stream', 't', 'time'];

/** A forecast of both axes has two columns. */
function columnsOf(values: readonly ValueOptions[]): string[] {
  return values.flatMap(({ value, as = value }) =>
    /^forecast\/[\d.]+$/.test(value) ? [`${as}/valence`, `${as}/arousal`] : [as],
  );
}

const cellsOf = ({ values }: SinkStep): [column: string, value: string | number | null][] =>
  values.flatMap(({ name, as = name, value }) => {
    if (!/^forecast\/[\d.]+$/.test(name)) return [[as, value as string | number | null]];
    const [valence, arousal] = (value as readonly [number, number] | null) ?? [null, null];
    return [
      [`${as}/valence`, valence],
      [`${as}/arousal`, arousal],
    ];
  });

/** A cell of RFC 4180. */
function quoted(cell: string | number | null | undefined): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
