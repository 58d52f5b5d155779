import { z } from 'zod';
import type { ChannelLevel } from './level-meter.ts';

/** A kind of source, and whether clients of the API may add it. */
export const sourceKinds = z
  .object({
    sources: z.array(
      z.object({
        schemes: z.array(z.string()).meta({ description: 'Schemes of its URIs, without the colon.' }),
        usage: z.string().meta({ description: 'Form of its URIs.', example: 'file:PATH' }),
        allowed: z
          .boolean()
          .meta({ description: 'Whether the configuration lets clients of the API add such a stream.' }),
      }),
    ),
    folders: z.array(z.string()).meta({ description: 'Folders from which files may be added.' }),
  })
  .meta({ id: 'SourceKinds' });

export type SourceKinds = z.infer<typeof sourceKinds>;

export const deviceList = z
  .object({
    devices: z.array(
      z.object({
        index: z.int(),
        name: z.string(),
        hostApi: z.string(),
        channels: z.int().meta({ description: 'Maximum number of input channels.' }),
        defaultRateHz: z.number(),
        isDefault: z.boolean(),
      }),
    ),
    message: z
      .string()
      .nullable()
      .meta({ description: 'Why no device can be used, in one sentence; null if they can.' }),
  })
  .meta({ id: 'Devices' });

export type DeviceList = z.infer<typeof deviceList>;

export const deviceParam = z.object({
  device: z.string().max(256).meta({ description: 'Index or name of the input, as listed.' }),
});

export const levelsQuery = z.object({
  acknowledge: z.enum(['yes', 'no'], 'expected "yes" or "no"').default('no').meta({
    description:
      '`yes`: the client sends a text message, such as `{"type":"received"}`, for each message that it has received, and gets the next one only then.',
  }),
});

/** A message of `/v1/devices/DEVICE/levels`, each 0.1 s or, where the way is slower, for all of them since the last. */
export interface InputLevels {
  readonly type: 'levels';
  /** One for each channel of the input. */
  readonly channels: readonly ChannelLevel[];
}

const integer = (low: number, high: number) =>
  z.coerce.number('expected a number').int().min(low, `expected at least ${low}`).max(high);

export const demoQuery = z.object({
  seed: integer(0, 2 ** 32 - 1)
    .default(1)
    .meta({ description: 'The same seed gives the same piece, as in `demo:?seed=1`.' }),
  seconds: integer(1, 600).default(120).meta({ description: 'Length of the file.' }),
});
