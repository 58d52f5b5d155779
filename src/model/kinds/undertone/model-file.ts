import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../user-error.ts';
import { calibrationSchema } from '../../calibration.ts';
import { type ReadingForecast, readingForecastSchema } from '../../reading-forecast/reading-forecast.ts';
import { headerSize, readHeader, readWeights, weightEntries, writeWithHeader } from '../../weights.ts';
import type { StoredModel } from '../kind.ts';
import { type BoundaryDetector, boundarySchema } from './boundary.ts';
import { FRONT_ENDS, INPUTS } from './front-ends/index.ts';
import { type NetworkConfig, storedShapes } from './network.ts';

/** Incremented when the same file would describe a different network. */
const MODEL_FORMAT = 1;

const modelFileSchema = z.object({
  format: z.literal(MODEL_FORMAT),
  network: z.strictObject({
    frontEnd: z.enum(FRONT_ENDS).default('mel'),
    inputs: headerSize,
    projection: headerSize,
    hidden: headerSize,
    members: headerSize.default(1),
    landmarks: z.number().int().min(0).default(0),
    leastShare: z.number().gt(0).max(1).default(1),
  }),
  calibration: calibrationSchema,
  boundary: boundarySchema.optional(),
  forecast: readingForecastSchema.optional(),
  /** How it was trained, for readers of the file. */
  training: z.record(z.string(), z.unknown()),
  weights: weightEntries,
});

/** The content of a model's folder: `model.json` and `weights.bin`. */
export interface ModelFile extends StoredModel {
  readonly network: NetworkConfig;
  /** Detects where the music changes, so that the level begins anew; absent: it never does. */
  readonly boundary?: BoundaryDetector;
  /** Forecasts the reading from its past; absent: the forecast is that the reading stays. */
  readonly forecast?: ReadingForecast;
}

/** @throws UserError `bad-model` with the field that is wrong */
export async function readModel(folder: string): Promise<ModelFile> {
  const path = join(folder, 'model.json');
  const header = await readHeader(path, modelFileSchema, { subject: 'model', retrain: 'undertone train' });
  const { network, calibration, boundary, forecast, training } = header;
  const inputs = INPUTS[network.frontEnd];
  if (network.inputs !== inputs) {
    throw new UserError(
      'bad-model',
      `The model ${path} expects rows of ${network.inputs} numbers, but the front end "${network.frontEnd}" of this version of undertone computes ${inputs}; train it again with \`undertone train\`.`,
    );
  }
  if (boundary && boundary.weights.length !== inputs) {
    throw new UserError(
      'bad-model',
      `The model ${path} has a "boundary" with ${boundary.weights.length} weights, but its front end computes ${inputs} inputs; train it again with \`undertone train\`.`,
    );
  }
  const weights = await readWeights(join(folder, 'weights.bin'), header.weights, storedShapes(network));
  const name = basename(resolve(folder));
  return {
    name,
    network,
    calibration,
    training,
    weights,
    ...(boundary && { boundary }),
    ...(forecast && { forecast }),
  };
}

export async function writeModel(folder: string, model: Omit<ModelFile, 'name'>): Promise<void> {
  const { network, calibration, boundary, forecast, training } = model;
  const header = {
    format: MODEL_FORMAT,
    network,
    calibration,
    ...(boundary && { boundary }),
    ...(forecast && { forecast }),
    training,
  };
  await writeWithHeader(folder, 'model.json', header, model.weights);
}
