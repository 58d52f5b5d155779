import { z } from 'zod';
import { UserError } from '../../user-error.ts';
import { parseDuration } from '../../util/duration.ts';
import { type Arc, type ArcPoint, arcThrough } from '../next/arc.ts';

const onAxis = z
  .number('expected a number from -1 to 1')
  .min(-1, 'expected a number from -1 to 1')
  .max(1, 'expected a number from -1 to 1');

/** A plan of `undertone set`: points of the plane with times, as a share of the length or as a duration. */
const planSchema = z.strictObject({
  name: z.string().optional(),
  points: z
    .array(
      z.strictObject({
        at: z.union(
          [z.number().min(0).max(1), z.string()],
          'expected a share such as 0.5, or a duration such as "20m"',
        ),
        valence: onAxis,
        arousal: onAxis,
      }),
      'expected a list of points',
    )
    .min(1, 'expected at least one point'),
});

/**
 * Reads a plan, such as `{"points": [{"at": 0, "valence": 0, "arousal": -0.3}, {"at": "40m", "valence": 0.4, "arousal": 0.6}]}`.
 *
 * @param name of the file, for error messages
 * @throws UserError `bad-plan`
 */
export function parsePlan(text: string, name: string, lengthSeconds: number): Arc {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(
      'bad-plan',
      `${name} is not JSON: expected {"points": [{"at": 0, "valence": 0, "arousal": 0.5}, …]}.`,
      { cause },
    );
  }
  const parsed = planSchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new UserError(
      'bad-plan',
      `${name} is not a plan: ${path.length ? `${path.join('.')}: ` : ''}${message}.`,
    );
  }
  const points = parsed.data.points.map(({ at, valence, arousal }): ArcPoint => {
    const seconds = typeof at === 'number' ? at * lengthSeconds : (parseDuration(at) ?? Number.NaN) / 1000;
    if (Number.isNaN(seconds))
      throw new UserError('bad-plan', `${name} is not a plan: "${at}" is not a duration such as "20m".`);
    return { seconds, valence, arousal };
  });
  if (points.some(({ seconds }, i) => seconds <= (points[i - 1]?.seconds ?? -1)))
    throw new UserError('bad-plan', `${name} is not a plan: its points must be in the order of their times.`);
  return arcThrough(points);
}
