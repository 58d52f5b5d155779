import { z } from 'zod';
import {
  ACTIVITIES,
  type Field,
  type Fields,
  FORECAST_FIELDS,
  FRAME_FIELDS,
  fieldsOf,
  type RowOf,
} from '../../frame-fields.ts';
import type { EmotionFrame, Forecast } from '../../types.ts';
import { isoTime } from './time.ts';

/** The fields of a table as the API describes them. */
export function shapeOf<T extends Fields>(table: T): { [K in keyof T]: z.ZodType<RowOf<T>[K]> } {
  return Object.fromEntries(
    fieldsOf(table).map(([name, field]) => {
      const value = schemaOf(field).meta({ description: field.about });
      return [name, field.nullable ? value.nullable() : value];
    }),
  ) as { [K in keyof T]: z.ZodType<RowOf<T>[K]> };
}

function schemaOf(field: Field): z.ZodType {
  switch (field.kind) {
    case 'number':
      return within(field.least, field.greatest);
    case 'whole':
      return z.int().min(0);
    case 'text':
    case 'word':
      return z.string();
    case 'time':
      return isoTime;
    case 'activity':
      return z.enum(ACTIVITIES);
    case 'constant':
      return z.literal(field.value);
    case 'forecasts':
      return z.array(forecast).readonly();
  }
}

function within(least: number | undefined, greatest: number | undefined): z.ZodType {
  let number = z.number();
  if (least !== undefined) number = number.min(least);
  return greatest === undefined ? number : number.max(greatest);
}

export const forecast = z
  .object(shapeOf(FORECAST_FIELDS))
  .readonly()
  .meta({ id: 'Forecast', description: 'Expected at `t + horizon`; Low and High bound a 90 % interval.' });

/** The emotion frame of types.ts, as the API describes it. */
export const emotionFrame = z.object(shapeOf(FRAME_FIELDS)).readonly().meta({
  id: 'EmotionFrame',
  description: 'One step. Where `activity` is not `music`, valence and arousal are null.',
});

// The compiler holds the two to each other.
forecast satisfies z.ZodType<Forecast>;
emotionFrame satisfies z.ZodType<EmotionFrame>;
