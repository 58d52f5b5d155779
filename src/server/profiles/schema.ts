import { z } from 'zod';
import { profileFit, profileName, profileSchema, rating } from '../../profiles/profile.ts';
import { streamName } from '../../util/schemas.ts';

/** Not checked against the pattern of names where an invalid name is an unknown profile, with status 404. */
export const profileParam = z.object({ name: z.string().meta({ description: 'Name of the profile.' }) });

export const profileInfo = z
  .object({
    name: profileName,
    model: z.string(),
    ratings: z.int().meta({ description: 'Number of ratings.' }),
    fit: profileFit.nullable(),
    streams: z.array(z.string()).meta({ description: 'Streams that use the profile.' }),
  })
  .meta({ id: 'ProfileInfo' });

export const profileList = z.object({ profiles: z.array(profileInfo) }).meta({ id: 'Profiles' });

const onAxis = z
  .number('expected a number from -1 to 1')
  .min(-1, 'expected a number from -1 to 1')
  .max(1, 'expected a number from -1 to 1');

export const newRating = z
  .strictObject({
    stream: streamName,
    valence: onAxis.nullable().default(null),
    arousal: onAxis.nullable().default(null),
    piece: z
      .string('expected text')
      .max(200, 'expected at most 200 characters')
      .optional()
      .meta({ description: 'What is playing. Default: the stream.' }),
  })
  .refine(({ valence, arousal }) => valence !== null || arousal !== null, 'expected valence, arousal or both')
  .meta({ id: 'NewRating', description: 'How what the stream plays now is rated.' });

export const addedRating = z.object({ rating, profile: profileInfo }).meta({ id: 'AddedRating' });

export const streamProfile = z
  .strictObject({
    profile: profileName.nullable().meta({ description: 'Null: none.' }),
  })
  .meta({ id: 'StreamProfile' });

export { profileSchema };

export type ProfileInfo = z.infer<typeof profileInfo>;
export type NewRating = z.input<typeof newRating>;
export type AddedRating = z.infer<typeof addedRating>;
