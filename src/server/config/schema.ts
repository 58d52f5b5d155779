import { z } from 'zod';
import { ENGINE_NAMES } from '../../model/engine.ts';
import { profileName } from '../../profiles/profile.ts';
import { midiIn } from '../../sessions/midi-markers.ts';
import { alertRules } from '../../sinks/alerts/rule.ts';
import { type SinkEntry, sinkList } from '../../sinks/sink-entry.ts';
import { PCM_FORMATS } from '../../stream/pcm.ts';
import { REMOTE_SCHEMES } from '../../stream/sources/index.ts';
import { anyName } from '../../util/schemas.ts';
import { MAX_STREAMS } from '../limits.ts';
import { LOG_FORMATS, LOG_LEVELS } from '../logger.ts';
import { dailyReport } from '../reports/schema.ts';
import { keepSpan, streamEntry } from '../streams/schema.ts';

/** The schema of `undertone.json`. Every key is optional; command-line options override it. */

const text = (what: string) => z.string(`expected ${what}`).min(1, `expected ${what}`);
const integer = (min: number, max: number) =>
  z
    .int(`expected a whole number from ${min} to ${max}`)
    .min(min, `expected a whole number from ${min} to ${max}`)
    .max(max, `expected a whole number from ${min} to ${max}`);
const oneOf = <const T extends readonly string[]>(names: T) =>
  z.enum(names, `expected one of ${names.join(', ')}`);

const origin = text('an origin such as "https://radio.example"').refine(
  (value) => URL.canParse(value) && new URL(value).origin === value,
  'expected an origin such as "https://radio.example", without a path',
);
const net = text('an address or a network such as "10.0.0.0/8"').regex(
  /^[0-9a-fA-F.:]+(\/\d{1,3})?$/,
  'expected an address or a network such as "10.0.0.0/8"',
);
/** Secrets are not stored in the configuration itself, which is copied, mailed and kept in repositories. */
const secret = z
  .union(
    [z.strictObject({ env: text('the name of a variable') }), z.strictObject({ file: text('a path') })],
    {
      error: 'expected {"env": "NAME"} or {"file": "PATH"}, because secrets are not stored in this file',
    },
  )
  .meta({ description: 'Where the secret is stored.' });

const webhook = z.strictObject({
  name: anyName(),
  url: text('a web address').refine(
    (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    'expected a web address',
  ),
  secret,
  streams: z
    .array(z.string())
    .optional()
    .meta({ description: 'Only alerts of these streams. Default: all streams.' }),
});

/** The path of a secret that is text in the file itself; undefined if there is none. */
const secretAsText = (sinks: readonly SinkEntry[] = []): (string | number)[] | undefined => {
  const at = sinks.findIndex(({ secret }) => typeof secret === 'string');
  return at < 0 ? undefined : [at, 'secret'];
};
const NO_TEXT = 'expected {"env": "NAME"} or {"file": "PATH"}, because secrets are not stored in this file';

const LETTERHEAD = 'expected lines of text such as ["Clinic of music therapy", "12 High Street"]';

export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    host: text('an address such as "127.0.0.1"').optional(),
    port: integer(0, 65_535).optional(),
    dataDir: text('a folder').optional(),
    library: text('a file')
      .optional()
      .meta({ description: 'The file of `undertone library`. Default: library.db in dataDir.' }),
    model: text('the name of a model').optional(),
    engine: oneOf(['auto', ...ENGINE_NAMES]).optional(),
    workers: integer(0, 64).optional().meta({
      description:
        'Most threads that analyze streams, each with an engine of its own; 0: none, the main thread does it. Default: one per core, at most 16; 0 on one core.',
    }),
    logLevel: oneOf(LOG_LEVELS).optional(),
    logFormat: oneOf(LOG_FORMATS).optional(),
    stdin: z
      .strictObject({
        format: oneOf(PCM_FORMATS),
        rate: integer(8_000, 192_000).default(44_100),
        channels: integer(1, 32).default(2),
      })
      .optional()
      .meta({ description: 'The format of stdin:, if it is raw PCM and not a file.' }),
    streams: z
      .array(streamEntry, 'expected a list of streams')
      .max(MAX_STREAMS, `expected at most ${MAX_STREAMS} streams`)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'expected each name once')
      .superRefine((all, context) => {
        for (const [i, { sinks }] of all.entries()) {
          const path = secretAsText(sinks);
          if (path) context.addIssue({ code: 'custom', path: [i, 'sinks', ...path], message: NO_TEXT });
        }
      })
      .optional(),
    profile: profileName
      .optional()
      .meta({ description: 'A profile of `undertone calibrate`, for streams without one of their own.' }),
    keep: keepSpan.optional().meta({ description: 'For streams without a value of their own.' }),
    alerts: alertRules.optional().meta({ description: 'For streams without a value of their own.' }),
    sinks: sinkList
      .superRefine((all, context) => {
        const path = secretAsText(all);
        if (path) context.addIssue({ code: 'custom', path, message: NO_TEXT });
      })
      .optional()
      .meta({ description: 'Where streams without sinks of their own are sent to.' }),
    reports: z
      .array(dailyReport, 'expected a list of reports')
      .max(64, 'expected at most 64 reports')
      .optional()
      .meta({ description: 'Reports of the day before, made each day.' }),
    midiIn: midiIn.optional().meta({ description: 'A MIDI input that sets markers in sessions.' }),
    sessions: z
      .strictObject({
        eraseFrames: z.boolean('expected true or false').optional().meta({
          description: 'Whether erasing a session also erases the frames of its range.',
        }),
        letterhead: z
          .array(
            z.string(LETTERHEAD).trim().min(1, LETTERHEAD).max(120, 'expected at most 120 characters'),
            LETTERHEAD,
          )
          .max(6, 'expected at most 6 lines')
          .optional()
          .meta({ description: 'Lines at the top of every report, such as a name and an address.' }),
      })
      .optional(),
    passphrase: secret.optional().meta({
      description: 'Encrypts the log. A log that was created with a passphrase opens only with the same one.',
    }),
    webhooks: z
      .array(webhook, 'expected a list of webhooks')
      .max(16, 'expected at most 16 webhooks')
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'expected each name once')
      .optional()
      .meta({ description: 'Addresses that alerts are sent to.' }),
    tls: z.strictObject({ cert: text('a path to a PEM file'), key: text('a path to a PEM file') }).optional(),
    tokens: z
      .strictObject({
        file: text('a path').optional().meta({ description: 'Default: tokens.json in the data directory.' }),
        required: z
          .boolean('expected true or false')
          .optional()
          .meta({ description: 'Require a token on 127.0.0.1 too, for example behind a proxy.' }),
      })
      .optional(),
    origins: z.array(origin, 'expected a list of origins').optional().meta({
      description: 'Origins of other sites whose pages may use the server.',
    }),
    hosts: z
      .array(text('a host name').toLowerCase(), 'expected a list of host names')
      .optional()
      .meta({ description: 'Host names that a server on 127.0.0.1 accepts, such as the name of a proxy.' }),
    proxies: z.array(net, 'expected a list of addresses').optional().meta({
      description: 'Proxies in front of the server, whose X-Forwarded-For is trusted.',
    }),
    remote: z
      .strictObject({
        schemes: z.array(oneOf(REMOTE_SCHEMES)).optional(),
        folders: z.array(text('a folder')).optional(),
        privateNetworks: z.array(net).optional(),
      })
      .optional()
      .meta({ description: 'The sources that clients may add over the API.' }),
    warmRestart: z.boolean('expected true or false').optional().meta({
      description: 'Whether streams continue after a restart within a minute. Default: true.',
    }),
    limits: z
      .strictObject({
        streams: integer(1, MAX_STREAMS).optional().meta({
          description:
            'Running streams. Default: as many as the machine can analyze in real time, measured at the start.',
        }),
        sockets: integer(1, 100_000).optional().meta({
          description: 'Open WebSockets and event streams. Default: by memory and open files, 256 to 20,000.',
        }),
        socketsPerAddress: integer(1, 100_000).optional().meta({
          description: 'Those of one address. Default: 64; loopback addresses are limited by `sockets` only.',
        }),
        connectionsPerAddress: integer(1, 100_000).optional().meta({
          description: 'Open TCP connections of one address. Default: 256; twice `sockets` for loopback.',
        }),
        requestsPerMinute: integer(1, 10_000_000).optional().meta({
          description: 'Requests of one address. Default: 6,000.',
        }),
        requestsPerMinuteAndToken: integer(1, 10_000_000).optional().meta({
          description: 'Requests with one token. Default: 6,000.',
        }),
        analyses: integer(1, 64).optional().meta({
          description: 'Files that POST /v1/analyze analyzes at once. Default: half the cores, at least 2.',
        }),
        analyzeMegabytes: integer(1, 10_000).optional().meta({
          description: 'Largest file of POST /v1/analyze. Default: 100.',
        }),
      })
      .optional(),
  })
  .meta({ title: 'undertone.json', description: 'The configuration of undertone serve.' });

export type Config = z.infer<typeof configSchema>;

/** The JSON Schema, for editors and for error messages that list the known keys. */
export const configJsonSchema = () => z.toJSONSchema(configSchema, { io: 'input' });
