/**
 * The fields of emotion frames, forecasts and buckets. The types, JSON, CSV, Parquet, the SQL columns, the import,
 * OpenAPI and docs/api.md come from these tables: a new field is one row here and the line that computes it
 * (emotion-frame.ts). The order of the rows is the order in every output.
 *
 * This file imports nothing, so that the dashboard and the client can use it through types.ts.
 */

/** The axes of Russell's circumplex. */
export const AXES = ['valence', 'arousal'] as const;
export type Axis = (typeof AXES)[number];

/** The log stores an activity as its index here: add new ones at the end. */
export const ACTIVITIES = ['music', 'speech', 'silence'] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** A 90 % interval of a normal distribution reaches this many standard deviations to each side. */
export const Z90 = 1.645;

interface Common {
  /** Description in the API's documentation: one sentence. */
  readonly about: string;
  /** Column of the log's table `frames`; absent if the log does not store the field. */
  readonly sql?: string;
  readonly nullable?: true;
  /**
   * A field that was added after the first release. In older logs and CSV files it is missing and read as null, so it
   * has to be nullable.
   */
  readonly later?: true;
}

/** A number; rounded to `decimals` when it is emitted, not rounded if they are absent. */
export interface NumberField extends Common {
  readonly kind: 'number';
  readonly unit?: 's' | 'ms' | 'LUFS';
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
}

export type Field =
  | NumberField
  /** An integer from 0. */
  | (Common & { readonly kind: 'integer' })
  | (Common & { readonly kind: 'text' })
  /** One word: letters and hyphens. */
  | (Common & { readonly kind: 'word' })
  /** ISO 8601, UTC, to the millisecond; stored as milliseconds since 1970. */
  | (Common & { readonly kind: 'time' })
  /** One of `ACTIVITIES`; stored as its index. */
  | (Common & { readonly kind: 'activity' })
  /** The same text in every frame. */
  | (Common & { readonly kind: 'constant'; readonly value: string })
  /** A list of objects with `FORECAST_FIELDS`; in CSV and Parquet, columns such as `valence+0.5s`. */
  | (Common & { readonly kind: 'forecasts' });

export type Fields = Readonly<Record<string, Field>>;

const axis = { kind: 'number', decimals: 4, min: -1, max: 1 } as const;
const sd = { kind: 'number', decimals: 4, min: 0 } as const;
/** The ends of an interval. The shipped models clamp them to ±1; other models may not. */
const end = { kind: 'number', decimals: 4, min: -2, max: 2 } as const;
/** Means of many frames have more decimals than one frame. */
const mean = { kind: 'number', decimals: 6, min: -1, max: 1, nullable: true } as const;
const spread = { ...mean, min: 0 } as const;
const share = { kind: 'number', min: 0, max: 1 } as const;

export const FORECAST_FIELDS = {
  /** Seconds after `t`. */
  horizon: { kind: 'number', unit: 's', about: 'Seconds after `t`: 0.5, 1, 2, 5 and 10.' },
  valence: { ...axis, about: 'Valence expected at `t + horizon`.' },
  arousal: { ...axis, about: 'Arousal expected at `t + horizon`.' },
  valenceLow: { ...end, about: 'Lower end of the 90 % interval of valence.' },
  valenceHigh: { ...end, about: 'Upper end of the 90 % interval of valence.' },
  arousalLow: { ...end, about: 'Lower end of the 90 % interval of arousal.' },
  arousalHigh: { ...end, about: 'Upper end of the 90 % interval of arousal.' },
} as const satisfies Fields;

export const FRAME_FIELDS = {
  type: { kind: 'constant', value: 'emotion', about: 'Always `emotion`.' },
  stream: { kind: 'text', about: 'Name of the stream.' },
  /** Index of the step. */
  seq: { kind: 'integer', sql: 'seq', about: 'Index of the step, from 0 in each run of the stream.' },
  /** Seconds of audio since the stream began. */
  t: { kind: 'number', unit: 's', about: 'Seconds of audio since the stream began: `0.5 · (seq + 1)`.' },
  /** Wall-clock time of emission, ISO 8601. */
  time: { kind: 'time', sql: 'time_ms', about: 'Wall-clock time of emission, ISO 8601 in UTC.' },
  valence: { ...axis, nullable: true, sql: 'valence', about: 'From unpleasant (-1) to pleasant (1).' },
  arousal: { ...axis, nullable: true, sql: 'arousal', about: 'From calm (-1) to energetic (1).' },
  valenceSd: { ...sd, nullable: true, sql: 'valence_sd', about: 'Standard deviation of `valence`.' },
  arousalSd: { ...sd, nullable: true, sql: 'arousal_sd', about: 'Standard deviation of `arousal`.' },
  /** Empty if valence and arousal are null. */
  forecast: { kind: 'forecasts', sql: 'forecast', about: 'One forecast per horizon; empty without music.' },
  mood: {
    kind: 'word',
    nullable: true,
    sql: 'mood',
    about:
      'Word for the place on the circumplex, which holds for some seconds: `happy`, `excited`, `energetic`, `tense`, `gloomy`, `sad`, `subdued`, `calm`, `neutral` or `uncertain`.',
  },
  /** Momentary LUFS; null for digital silence, whose loudness is minus infinity. */
  loudness: {
    kind: 'number',
    unit: 'LUFS',
    decimals: 2,
    nullable: true,
    sql: 'loudness',
    about: 'Momentary loudness (ITU-R BS.1770) in LUFS; null for digital silence.',
  },
  activity: { kind: 'activity', sql: 'activity', about: 'Whether the step is music, speech or silence.' },
  /** 0 … 1. */
  confidence: {
    kind: 'number',
    decimals: 4,
    min: 0,
    max: 1,
    sql: 'confidence',
    about: 'Confidence of the prediction; 0 without music.',
  },
  latencyMs: {
    kind: 'number',
    unit: 'ms',
    decimals: 2,
    sql: 'latency_ms',
    about: "Milliseconds from the arrival of the step's last sample to the emission.",
  },
} as const satisfies Fields;

/**
 * One bucket of aggregated frames; a bucket also has `moods`, the shares of the moods that occur. Statistics are over
 * the frames in which the quantity is not null.
 */
export const BUCKET_FIELDS = {
  /** Start of the bucket, ISO 8601. */
  time: { kind: 'time', about: 'Start of the bucket.' },
  frames: { kind: 'integer', about: 'Number of frames in the bucket.' },
  valence: { ...mean, about: 'Mean valence of the frames with music.' },
  /** The population standard deviation of the frames' values. */
  valenceSd: { ...spread, about: 'How much valence varied within the bucket: a standard deviation.' },
  valenceMin: { ...mean, about: 'Minimum of valence.' },
  valenceMax: { ...mean, about: 'Maximum of valence.' },
  arousal: { ...mean, about: 'Mean arousal of the frames with music.' },
  arousalSd: { ...spread, about: 'How much arousal varied within the bucket: a standard deviation.' },
  arousalMin: { ...mean, about: 'Minimum of arousal.' },
  arousalMax: { ...mean, about: 'Maximum of arousal.' },
  loudness: { kind: 'number', unit: 'LUFS', decimals: 6, nullable: true, about: 'Mean loudness in LUFS.' },
  confidence: { ...mean, min: 0, about: 'Mean confidence.' },
  /** Shares of the bucket's frames, together 1. */
  music: { ...share, about: 'Share of the frames with music.' },
  speech: { ...share, about: 'Share of the frames with speech.' },
  silence: { ...share, about: 'Share of the silent frames.' },
} as const satisfies Fields;

// ── the types of rows ───────────────────────────────────────────────────────────────────────────

interface Values {
  number: number;
  integer: number;
  text: string;
  word: string;
  time: string;
  activity: Activity;
  forecasts: readonly RowOf<typeof FORECAST_FIELDS>[];
}

type ValueOf<F extends Field> =
  | (F extends { kind: 'constant'; value: infer V }
      ? V
      : F['kind'] extends keyof Values
        ? Values[F['kind']]
        : never)
  | (F extends { nullable: true } ? null : never);

/** The object type that a table describes. */
export type RowOf<T extends Fields> = { readonly [K in keyof T]: ValueOf<T[K]> };

// ── reading a table ─────────────────────────────────────────────────────────────────────────────

/** The names and fields of a table, in order. */
export const fieldsOf = <T extends Fields>(table: T): [keyof T & string, Field][] =>
  Object.entries(table) as [keyof T & string, Field][];

/** The names of the fields of one or more kinds, in order. */
export const namesOf = <T extends Fields, K extends Field['kind']>(table: T, ...kinds: readonly K[]) =>
  Object.keys(table).filter((name) => kinds.includes(table[name]!.kind as K)) as {
    [N in keyof T & string]: T[N]['kind'] extends K ? N : never;
  }[keyof T & string][];

/** Rounds the numbers of a row and of its forecasts to the decimals of their tables; never -0. */
export function rounded<T extends Fields>(table: T, row: RowOf<T>): RowOf<T> {
  const result: Record<string, unknown> = { ...row };
  for (const [name, field] of fieldsOf(table)) {
    const value: unknown = row[name];
    if (field.kind === 'forecasts')
      result[name] = (value as Values['forecasts']).map((one) => rounded(FORECAST_FIELDS, one));
    else if (field.kind === 'number' && field.decimals !== undefined && typeof value === 'number')
      result[name] = roundTo(value, field.decimals);
  }
  return result as RowOf<T>;
}

/** Rounded to `decimals` decimals; never -0. */
export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale + 0;
}

/** An empty frame: null for nullable fields, no forecasts, otherwise 0, `silence` or an empty string. */
export const EMPTY_FRAME = Object.fromEntries(
  fieldsOf(FRAME_FIELDS).map(([name, field]) => [name, emptyValue(field)]),
) as unknown as RowOf<typeof FRAME_FIELDS>;

function emptyValue(field: Field): unknown {
  if (field.nullable) return null;
  switch (field.kind) {
    case 'number':
    case 'integer':
      return 0;
    case 'activity':
      return 'silence';
    case 'constant':
      return field.value;
    case 'forecasts':
      return [];
    default:
      return '';
  }
}
