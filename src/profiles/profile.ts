import { z } from 'zod';
import { anyName, isoTime } from '../util/schemas.ts';

const onAxis = z.number().min(-1).max(1);

/** What a profile does to one axis: `offset + slope · reading`. */
const axisScale = z
  .object({ offset: z.number(), slope: z.number().positive() })
  .meta({ id: 'AxisScale', description: 'A calibrated reading is offset + slope · reading.' });

/** Offset and slope of both axes. */
export const scaleSchema = z.object({ valence: axisScale, arousal: axisScale });

const errors = z.object({
  rmse: z.number(),
  r2: z.number().nullable().meta({ description: 'Null if all ratings are equal.' }),
});

const axisFit = axisScale
  .extend({
    ratings: z.int().meta({ description: 'Number of ratings of this axis.' }),
    before: errors.meta({ description: 'The model without a profile, on the rated pieces.' }),
    after: errors.meta({ description: 'Leave-one-out: each piece with a profile of the others.' }),
    helps: z
      .enum(['yes', 'perhaps', 'no'])
      .meta({ description: '`perhaps`: the error falls by less than chance can explain.' }),
  })
  .meta({ id: 'AxisFit' });

export const profileFit = z
  .object({
    time: isoTime,
    valence: axisFit.nullable(),
    arousal: axisFit.nullable(),
    advised: z.boolean().meta({ description: 'Whether the error of both axes together falls.' }),
    summary: z.string(),
  })
  .meta({ id: 'ProfileFit', description: 'An axis is null if it has too few ratings: it stays as it is.' });

export const rating = z
  .object({
    piece: z.string().meta({ description: 'A file, or the stream and the time of the rating.' }),
    time: isoTime,
    valence: onAxis.nullable(),
    arousal: onAxis.nullable(),
    reading: z
      .object({ valence: onAxis, arousal: onAxis })
      .meta({ description: "The model's reading without a profile." }),
  })
  .meta({ id: 'Rating' });

export const profileName = anyName().meta({ description: 'Name of a profile.', example: 'anna' });

/** A profile as it is stored: the ratings of one person or station, and the scale that was fitted to them. */
export const profileSchema = z
  .object({
    version: z.literal(1),
    name: profileName,
    model: z
      .string()
      .meta({ description: 'The model whose readings were rated: others need their own profile.' }),
    ratings: z.array(rating),
    fit: profileFit.nullable().meta({ description: 'Null until it is fitted.' }),
  })
  .meta({ id: 'Profile' });

export type AxisScale = z.infer<typeof axisScale>;
export type AxisErrors = z.infer<typeof errors>;
export type AxisFit = z.infer<typeof axisFit>;
export type ProfileFit = z.infer<typeof profileFit>;
export type Rating = z.infer<typeof rating>;
export type Profile = z.infer<typeof profileSchema>;

export type Scale = Readonly<z.infer<typeof scaleSchema>>;

/** Leaves an axis as it is. */
export const UNCHANGED: AxisScale = { offset: 0, slope: 1 };

/** The scale of a profile; undefined while it is not fitted. */
export function scaleOf({ fit }: Pick<Profile, 'fit'>): Scale | undefined {
  return fit ? { valence: fit.valence ?? UNCHANGED, arousal: fit.arousal ?? UNCHANGED } : undefined;
}
