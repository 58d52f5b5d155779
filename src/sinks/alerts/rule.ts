import { z } from 'zod';
import { anyName, duration } from '../../util/schemas.ts';

const DAY_MS = 86_400_000;

/** From half a second, a step, to a day of audio time. */
const span = (example: string) => duration(500, DAY_MS, example);

const common = {
  name: anyName().meta({ description: 'What it is called; one of a kind within its stream.' }),
};
const hold = span('5s').optional().meta({
  description: 'How long it must be over before the alert is cleared; an alert lasts at least so long.',
});
const level = z
  .number('expected a number from -1 to 1')
  .min(-1, 'expected -1 to 1')
  .max(1, 'expected -1 to 1');

const levelRule = (axis: 'valence' | 'arousal') =>
  z
    .strictObject({
      ...common,
      when: z.literal(axis),
      over: level.optional().meta({ description: 'Raised above this …' }),
      under: level.optional().meta({ description: '… or below this; one of the two.' }),
      clear: level
        .optional()
        .meta({ description: 'Over once it is back past this; else 0.1 short of the level.' }),
      for: span('30s').meta({ description: 'How long without a break.' }),
      hold,
    })
    .refine(({ over, under }) => (over === undefined) !== (under === undefined), {
      error: 'expected either "over" or "under"',
    })
    .refine(
      ({ over, under, clear }) =>
        clear === undefined ||
        (over !== undefined && clear <= over) ||
        (under !== undefined && clear >= under),
      { error: 'expected not to be beyond the level that raises it', path: ['clear'] },
    );

const activityRule = (activity: 'silence' | 'speech') =>
  z.strictObject({ ...common, when: z.literal(activity), for: span('30s'), hold });

const sourceRule = z.strictObject({ ...common, when: z.literal('source-lost') });

const changeRule = z.strictObject({
  ...common,
  when: z.literal('change'),
  axis: z
    .enum(['valence', 'arousal', 'both'], 'expected valence, arousal or both')
    .default('both')
    .meta({ description: 'Along one axis, or as a distance on the plane.' }),
  over: z
    .number('expected a number')
    .gt(0, 'expected more than 0')
    .max(2, 'expected at most 2')
    .meta({ description: 'Units of the plane per second.' }),
  within: duration(1_000, 60_000, '5s').default('5s').meta({ description: 'Measured over so long.' }),
  hold,
});

/** What makes an alert of one stream. All times are audio time: seconds of sound, not of the clock. */
export const alertRule = z
  .discriminatedUnion(
    'when',
    [
      levelRule('valence'),
      levelRule('arousal'),
      activityRule('silence'),
      activityRule('speech'),
      sourceRule,
      changeRule,
    ],
    'expected "when" to be one of valence, arousal, silence, speech, source-lost, change',
  )
  .meta({ id: 'AlertRule' });

export type AlertRule = z.infer<typeof alertRule>;

export const alertRules = z
  .array(alertRule, 'expected a list of rules')
  .max(32, 'expected at most 32 rules')
  .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, {
    error: 'expected each name once',
  });
