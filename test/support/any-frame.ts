import fc from 'fast-check';
import {
  ACTIVITIES,
  AXES,
  type Field,
  type Fields,
  FORECAST_FIELDS,
  FRAME_FIELDS,
  fieldsOf,
} from '../../src/frame-fields.ts';
import { type EmotionFrame, FORECAST_HORIZONS, type Forecast, STEP_SECONDS } from '../../src/types.ts';

/**
 * Any frame that trackers may emit, made by the tables of frame-fields.ts: numbers in their ranges and rounded, all
 * forecasts or none, no valence and arousal without music.
 */
export function anyFrame(stream: string): fc.Arbitrary<EmotionFrame> {
  const forecasts = FORECAST_HORIZONS.map((horizon) =>
    rowOf(FORECAST_FIELDS).map((row) => ({ ...row, horizon }) as unknown as Forecast),
  );
  return fc
    .tuple(rowOf(FRAME_FIELDS), fc.tuple(...forecasts), fc.boolean())
    .map(([row, forecast, without]) => {
      const frame = { ...row, stream } as unknown as EmotionFrame;
      const resting = frame.activity !== 'music' || AXES.some((axis) => frame[axis] === null);
      return {
        ...frame,
        t: STEP_SECONDS * (frame.seq + 1),
        ...(resting && { valence: null, arousal: null }),
        forecast: without || resting ? [] : forecast,
      };
    });
}

const rowOf = (table: Fields): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(fieldsOf(table).map(([name, field]) => [name, orNull(field)])));

const orNull = (field: Field): fc.Arbitrary<unknown> =>
  field.nullable ? fc.option(valueOfField(field), { nil: null, freq: 8 }) : valueOfField(field);

function valueOfField(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'number': {
      const scale = 10 ** (field.decimals ?? 1);
      const { min = -1000, max = 1000 } = field;
      return fc.integer({ min: min * scale, max: max * scale }).map((value) => value / scale + 0);
    }
    case 'integer':
      return fc.nat();
    case 'text':
    case 'word':
      return fc.constantFrom('calm', 'happy', 'mélancolique');
    case 'time':
      return fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms).toISOString());
    case 'activity':
      return fc.constantFrom(...ACTIVITIES);
    case 'constant':
      return fc.constant(field.value);
    case 'forecasts':
      return fc.constant([]);
  }
}
