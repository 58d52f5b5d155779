import { BUCKET_FIELDS, type Field, FORECAST_FIELDS, FRAME_FIELDS, fieldsOf } from './frame-fields.ts';
import { MOODS } from './mood.ts';
import { type EmotionBucket, type EmotionFrame, FORECAST_HORIZONS } from './types.ts';

/** A column of frames or buckets as a table (CSV, Parquet); the columns come from frame-fields.ts. */
export interface Column<Row> {
  readonly name: string;
  readonly field: Field;
  /** The value of a row; null if it has none. */
  readonly of: (row: Row) => string | number | null;
}

/** The fields of a frame, then those of each forecast as `valence+0.5s`. */
export const frameColumns = (withForecast = true): readonly Column<EmotionFrame>[] =>
  withForecast ? [...OWN, ...FORECASTS] : OWN;

/** The fields of a bucket, then the share of each mood under the mood's word; null for a mood that did not occur. */
export const bucketColumns = (): readonly Column<EmotionBucket>[] => BUCKET;

/** Columns of the frame's own fields, without constant ones. */
const OWN = fieldsOf(FRAME_FIELDS).flatMap(([name, field]): Column<EmotionFrame>[] =>
  field.kind === 'constant' || field.kind === 'forecasts' ? [] : [{ name, field, of: read(name) }],
);

const FORECASTS = FORECAST_HORIZONS.flatMap((horizon) =>
  fieldsOf(FORECAST_FIELDS)
    .filter(([name]) => name !== 'horizon')
    .map(
      ([name, field]): Column<EmotionFrame> => ({
        name: `${name}+${horizon}s`,
        field: { ...field, nullable: true },
        of: (frame) => frame.forecast.find((one) => one.horizon === horizon)?.[name] ?? null,
      }),
    ),
);

const BUCKET: readonly Column<EmotionBucket>[] = [
  ...fieldsOf(BUCKET_FIELDS).map(([name, field]) => ({ name, field, of: (row: EmotionBucket) => row[name] })),
  ...MOODS.map((mood) => ({
    name: mood,
    field: { ...BUCKET_FIELDS.music, nullable: true, about: 'Share of the frames with this mood.' } as const,
    of: (row: EmotionBucket) => row.moods[mood] ?? null,
  })),
];

function read(name: keyof EmotionFrame) {
  return (frame: EmotionFrame) => frame[name] as string | number | null;
}

export const csvHeader = (withForecast = true): string => headerOf(frameColumns(withForecast));

/** A frame as one line; null is an empty cell. No field can contain a comma or a quote. */
export const csvRow = (frame: EmotionFrame, withForecast = true): string =>
  lineOf(frame, frameColumns(withForecast));

export const bucketCsvHeader = (): string => headerOf(BUCKET);

/** A bucket as one line; null is an empty cell. */
export const bucketCsvRow = (bucket: EmotionBucket): string => lineOf(bucket, BUCKET);

const headerOf = <Row>(columns: readonly Column<Row>[]): string => columns.map(({ name }) => name).join(',');

const lineOf = <Row>(row: Row, columns: readonly Column<Row>[]): string =>
  columns.map(({ of }) => of(row) ?? '').join(',');
