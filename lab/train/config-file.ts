import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ENGINE_NAMES } from '../../src/model/engine.ts';
import { FRONT_ENDS, type FrontEndName, INPUTS } from '../../src/model/kinds/undertone/front-ends/index.ts';
import type { NetworkConfig } from '../../src/model/kinds/undertone/network.ts';
import { UserError } from '../../src/user-error.ts';
import { badConfig } from './config-faults.ts';
import { TEACHERS, TRAINING, type TrainOptions } from './options.ts';
import { PROTOCOLS } from './protocol.ts';
import { SCHEDULES } from './schedule.ts';

const count = z.number().int().min(1);
const some = z.number().int().min(0);
const share = z.number().min(0).max(1);
const belowOne = z.number().min(0).lt(1);
const amount = z.number().min(0);
const factor = z.number().gt(0).max(1);
const range = (one: z.ZodNumber) =>
  z
    .tuple([one, one])
    .refine(([low, high]) => low <= high, { error: 'the first number to be at most the second' });

/** The schema of each option; a missing one is a compile error. */
const OPTIONS = {
  seed: some,
  epochs: count,
  patience: count,
  streams: count,
  sequenceSteps: count,
  pieceSteps: range(count),
  clipRepeats: range(count.max(20)),
  decorrelate: z.union([share, z.array(share).min(1)], {
    error: 'a number from 0 to 1 or a list of such numbers, which the ensemble members take in turn',
  }),
  boundarySequences: some.max(10_000),
  learningRate: z.number().gt(0),
  schedule: z.enum(SCHEDULES),
  warmUp: belowOne,
  stepEpochs: count,
  stepFactor: factor,
  plateauEpochs: count,
  plateauFactor: factor,
  decay: amount,
  l2: amount,
  maxNorm: z.number().gt(0),
  inputDropout: belowOne,
  dropout: belowOne,
  inputNoise: amount,
  steadyNoise: z.boolean(),
  mixChance: share,
  averaging: belowOne,
  calibrationFolds: some
    .max(50)
    .refine((n) => n !== 1, { error: '0 or at least 2: a single fold has no training songs' }),
  refit: z.boolean(),
  gainDb: amount.max(40),
  tiltDb: amount.max(40),
  equaliserDb: amount.max(40),
  noiseChance: share,
  noiseSnrDb: range(z.number().min(-40).max(100)),
  muteChance: share,
  muteBands: some.max(96),
  timeMaskChance: share,
  timeMaskMs: amount,
  soundVariants: some.max(100),
  speedPercent: amount.max(50),
  pitchCents: amount.max(1200),
  masterings: some.max(100),
  passages: some.max(100),
  passageGainDb: amount.max(40),
  speech: z.array(z.string().min(1)),
  squaredWeight: amount,
  cccWeight: amount,
  tagWeight: amount,
  teacher: z.enum(TEACHERS),
  lessonWeight: amount,
  unlabelled: z.array(z.string().min(1)),
} satisfies { [Option in keyof Omit<TrainOptions, 'network'>]-?: z.ZodType<TrainOptions[Option]> };

/** Without `inputs`, which the front end determines. */
const NETWORK = {
  frontEnd: z.enum(FRONT_ENDS),
  projection: count.max(4096),
  hidden: count.max(4096),
  members: count.max(64),
  landmarks: z.number().int().min(0).max(8192),
  leastShare: factor,
} satisfies { [Option in keyof Omit<NetworkConfig, 'inputs'>]-?: z.ZodType<NetworkConfig[Option]> };

const configSchema = z.strictObject({
  network: z.strictObject(NETWORK).partial().optional(),
  ...z.strictObject(OPTIONS).partial().shape,
  data: z
    .union([z.string(), z.array(z.string()).min(1)], { error: 'a folder or a list of folders' })
    .optional(),
  out: z.string().min(1).optional(),
  engine: z.enum(['auto', ...ENGINE_NAMES]).optional(),
  cache: z.string().min(1).optional(),
  protocol: z.enum(PROTOCOLS).optional(),
  folds: count.min(2).optional(),
});

/** The content of a `--config` file: any option of the training and the flags of the command. */
export type TrainConfig = z.infer<typeof configSchema>;

/** @throws UserError `bad-config` that names each key, what was expected and what was given */
export async function readConfig(path: string): Promise<TrainConfig> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw unreadable(path, `it cannot be read (${cause.message})`, cause);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(path, `it is not valid JSON (${(cause as Error).message})`, cause as Error);
  }
  return parseConfig(value, path);
}

export function parseConfig(value: unknown, path: string): TrainConfig {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const known = (place: readonly PropertyKey[]) =>
    Object.keys(place[0] === 'network' ? NETWORK : configSchema.shape);
  throw badConfig(path, value, parsed.error, known);
}

/**
 * All options: flags override the config, which overrides the defaults of the front end.
 *
 * @throws UserError `bad-config` if the options do not go together
 */
export function resolveOptions(config: TrainConfig, flags: TrainConfig = {}): TrainOptions {
  const frontEnd: FrontEndName = flags.network?.frontEnd ?? config.network?.frontEnd ?? 'mel';
  const defaults = TRAINING[frontEnd];
  const network = { ...defaults.network, ...config.network, ...flags.network, inputs: INPUTS[frontEnd] };
  if ((network.landmarks ?? 0) > 0 && frontEnd === 'mel') {
    throw new UserError(
      'bad-config',
      'The front end "mel" has no kernel regression; set network.landmarks to 0, or choose another front end.',
    );
  }
  const chosen = { ...config, ...flags };
  if ((chosen.masterings ?? 0) > 0 && frontEnd === 'mel') {
    throw new UserError(
      'bad-config',
      'The front end "mel" varies level and spectrum in each epoch, not by masterings; set masterings to 0, or choose another front end.',
    );
  }
  const options = Object.keys(OPTIONS).map((key) => {
    const name = key as keyof typeof OPTIONS;
    return [name, chosen[name] ?? defaults[name]];
  });
  return { ...(Object.fromEntries(options) as Omit<TrainOptions, 'network'>), network } as TrainOptions;
}

/** The reverse of `resolveOptions`: a config that sets every option, so that it does not depend on the defaults. */
export function configOf({ network: { inputs: _, ...network }, ...options }: TrainOptions): TrainConfig {
  return { network, ...options } as TrainConfig;
}

function unreadable(path: string, fault: string, cause: Error): UserError {
  return new UserError('bad-config', `The configuration ${path} is invalid: ${fault}.`, { cause });
}
