import { z } from 'zod';
import { duration } from '../util/schemas.ts';
import { connectorOf, SINK_USAGE } from './kinds/index.ts';
import { SINK_VALUES } from './mapping/values.ts';
import { BadSink } from './sink-uri.ts';

const HOUR_MS = 3_600_000;

const number = z.number('expected a number');
const range = z
  .tuple([number, number], 'expected two numbers, such as [0, 1]')
  .refine(([low, high]) => low !== high, 'expected two different numbers');
const span = (minMs: number, example: string) => duration(minMs, HOUR_MS, example).optional();
const smooth = span(0, '2s').meta({
  description: 'Time constant of the smoothing: after a jump, 63 % of the way is covered in this span.',
});
const every = span(0, '5s').meta({ description: 'A value is sent at most once in this span.' });

const sinkValue = z
  .strictObject({
    value: z
      .enum([...SINK_VALUES.keys()] as [string, ...string[]], {
        error: `expected one of ${[...SINK_VALUES.keys()].join(', ')}`,
      })
      .meta({ description: 'A value of the emotion frame; `forecast/5` is valence and arousal in 5 s.' }),
    as: z
      .string('expected an address')
      .min(1, 'expected an address')
      .max(256, 'expected at most 256 characters')
      .optional()
      .meta({ description: 'Where the value goes: an OSC address, an MQTT topic, a column, a controller.' }),
    from: range.optional().meta({
      description: 'Range that is scaled to `to`. Default: the whole range of the value; loudness: -60 to 0.',
    }),
    to: range.optional().meta({
      description: 'Range of the numbers that are sent, which never leave it. Default: not scaled.',
    }),
    smooth,
    every,
    on: number.optional().meta({
      description: 'Makes the value a switch, which is sent when it changes: on from this level.',
    }),
    off: number.optional().meta({
      description:
        'Level at which the switch is off again; above `on`, it is on for low numbers. Default: `on`.',
    }),
    edge: z
      .enum(['on', 'off', 'both'], 'expected on, off or both')
      .optional()
      .meta({ description: 'The changes of the switch that are sent. Default: both.' }),
  })
  .superRefine(({ value, from, to, on, off, edge, smooth, every }, context) => {
    const problem = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    const isNumber = SINK_VALUES.get(value)?.range !== undefined;
    const numeric = { from, to, on, smooth };
    for (const [key, given] of Object.entries(numeric))
      if (!isNumber && given !== undefined) problem(key, `expected no "${key}": ${value} is a word`);
    if (on !== undefined && /^forecast\/[\d.]+$/.test(value))
      problem('on', `expected one axis, such as "${value}/arousal", for a switch`);
    for (const [key, given] of Object.entries({ off, edge }))
      if (on === undefined && given !== undefined) problem(key, `expected "on" beside "${key}"`);
    if (on !== undefined && every !== undefined)
      problem('every', 'expected no "every": a switch is sent when it changes');
    if (on !== undefined && from !== undefined) problem('from', 'expected no "from": a switch is not scaled');
    if (on === undefined && from !== undefined && to === undefined)
      problem('from', 'expected "to" beside "from"');
  })
  .meta({ id: 'SinkValue' });

const secret = z
  .union(
    [
      z.string().min(1).max(1_000),
      z.strictObject({ env: z.string().min(1) }),
      z.strictObject({ file: z.string().min(1) }),
    ],
    { error: 'expected {"env": "NAME"} or {"file": "PATH"}' },
  )
  .meta({
    description:
      'Password or token. In the configuration {"env": "NAME"} or {"file": "PATH"}; over the API the text, which is never returned.',
  });

/** Where a stream is sent to: a sink of the configuration, the command line or the API. */
export const sinkEntry = z
  .strictObject({
    sink: z
      .string('expected a sink such as "osc:127.0.0.1:9000"')
      .min(1, 'expected a sink such as "osc:127.0.0.1:9000"')
      .max(2_000, 'expected at most 2000 characters')
      .meta({
        description: `${SINK_USAGE}, with options after a question mark.`,
        example: 'osc:127.0.0.1:9000',
      }),
    user: z.string('expected a name').min(1).max(200).optional(),
    secret: secret.optional(),
    values: z
      .array(sinkValue, 'expected a list of values')
      .min(1, 'expected at least one value')
      .max(64, 'expected at most 64 values')
      .optional()
      .meta({ description: 'Default: valence, arousal, mood, activity, loudness and forecast/5.' }),
    smooth,
    every,
  })
  .superRefine(({ secret: _, ...entry }, context) => {
    try {
      connectorOf(entry);
    } catch (error) {
      if (!(error instanceof BadSink)) throw error;
      context.addIssue({ code: 'custom', path: ['sink'], message: error.message });
    }
  })
  .meta({ id: 'Sink' });

export type SinkEntry = z.infer<typeof sinkEntry>;

export const sinkList = z.array(sinkEntry, 'expected a list of sinks').max(16, 'expected at most 16 sinks');
