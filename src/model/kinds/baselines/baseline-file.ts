import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { calibrationSchema } from '../../calibration.ts';
import { readHeader, readWeights, weightEntries, writeWithHeader } from '../../weights.ts';
import type { StoredModel } from '../kind.ts';
import {
  BASELINE_NAMES,
  type BaselineConfig,
  type BaselineName,
  baselineSchema,
  baselineShapes,
} from './systems.ts';

/** Incremented when the same file would describe a different network. */
const BASELINE_FORMAT = 1;

const baselineFileSchema = z.object({
  format: z.literal(BASELINE_FORMAT),
  kind: z.enum(BASELINE_NAMES),
  network: baselineSchema,
  calibration: calibrationSchema,
  /** How it was trained, for readers of the file. */
  training: z.record(z.string(), z.unknown()),
  weights: weightEntries,
});

/** The content of a baseline's folder: `model.json` and `weights.bin`. */
export interface BaselineFile extends StoredModel {
  readonly kind: BaselineName;
  readonly network: BaselineConfig;
}

/** @throws UserError `bad-model` with the field that is wrong */
export async function readBaseline(folder: string): Promise<BaselineFile> {
  const path = join(folder, 'model.json');
  const header = await readHeader(path, baselineFileSchema, {
    subject: 'model',
    retrain: 'undertone train --system',
  });
  const { kind, network, calibration, training } = header;
  const weights = await readWeights(join(folder, 'weights.bin'), header.weights, baselineShapes(network));
  return { name: basename(resolve(folder)), kind, network, calibration, training, weights };
}

export async function writeBaseline(folder: string, model: Omit<BaselineFile, 'name'>): Promise<void> {
  const { kind, network, calibration, training, weights } = model;
  const header = { format: BASELINE_FORMAT, kind, network, calibration, training };
  await writeWithHeader(folder, 'model.json', header, weights);
}
