import { z } from 'zod';
import { anyName, duration } from '../../util/schemas.ts';

const DAY_MS = 86_400_000;

/** From half a second (one step) to a day of audio time. */
const span = (example: string) => duration(500, DAY_MS, example);

const common = {
  name: anyName().meta({ description: 'Name of the rule; unique within the stream.' }),
};
const hold = span('5s').optional().meta({
  description:
    'How long the condition must be clear before the alert is cleared; an alert lasts at least this long.',
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
      over: level
        .optional()
        .meta({ description: 'Raises the alert above this level; set either `over` or `under`.' }),
      under: level
        .optional()
        .meta({ description: 'Raises the alert below this level; set either `over` or `under`.' }),
      clear: level.optional().meta({
        description:
          'Level past which the condition is clear; default: 0.1 before the level that raises the alert.',
      }),
      for: span('30s').meta({ description: 'How long the condition must hold without interruption.' }),
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
      { error: 'expected a level not beyond the one that raises the alert', path: ['clear'] },
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
    .meta({ description: 'Axis along which the change is measured; both: the distance on the plane.' }),
  over: z
    .number('expected a number')
    .gt(0, 'expected more than 0')
    .max(2, 'expected at most 2')
    .meta({ description: 'Raises the alert above this rate of change, in units of the axes per second.' }),
  within: duration(1_000, 60_000, '5s')
    .default('5s')
    .meta({ description: 'Span over which the change is measured.' }),
  hold,
});

/** A rule that raises an alert in one stream. All durations are audio time, not wall-clock time. */
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
