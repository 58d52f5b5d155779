import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../user-error.ts';
import { decodeText } from '../util/text.ts';
import { dequantize, type Grid, numbersOf, quantize } from './quantize.ts';

/** One array, outside of any engine. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** The values are on this grid, and stored as int8. */
  readonly grid?: Grid;
}

/** A network's weights by name. */
export type Weights = Readonly<Record<string, WeightArray>>;

/** The position of one array in `weights.bin`: little-endian float32, or int8 if it has a grid. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** Where it begins, in units of four bytes. */
  readonly offset: number;
  readonly grid?: Grid | undefined;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** The same array with its values moved to the nearest point of a grid of 256, so that it can be stored as int8. */
export function onGrid({ shape, values }: WeightArray): WeightArray {
  const { numbers, ...grid } = quantize(values);
  return { shape, values: dequantize(numbers, grid), grid };
}

/** Concatenates the arrays in the order of their names. */
export function packWeights(weights: Weights): { entries: WeightEntry[]; bytes: Uint8Array } {
  const entries: WeightEntry[] = [];
  let length = 0;
  for (const name of Object.keys(weights).sort()) {
    const { shape, grid } = weights[name]!;
    entries.push({ name, shape, offset: length, ...(grid && { grid }) });
    length += grid ? Math.ceil(sizeOf(shape) / 4) : sizeOf(shape);
  }
  const bytes = new Uint8Array(length * 4);
  const view = new DataView(bytes.buffer);
  for (const { name, offset } of entries) {
    const { values, grid } = weights[name]!;
    if (grid) bytes.set(new Uint8Array(numbersOf(values, grid).buffer), offset * 4);
    else for (const [i, value] of values.entries()) view.setFloat32((offset + i) * 4, value, true);
  }
  return { entries, bytes };
}

/**
 * Reads the arrays in `shapes` and checks their shapes and numbers.
 *
 * @throws UserError `bad-model`
 */
export async function readWeights(
  path: string,
  entries: readonly WeightEntry[],
  shapes: Readonly<Record<string, readonly number[]>>,
): Promise<Weights> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw badWeights(path, `cannot be read (${cause.message})`, cause);
  });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights: Record<string, WeightArray> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const entry = entries.find((e) => e.name === name);
    if (!entry) throw badWeights(path, `lack the array "${name}"`);
    if (entry.shape.join() !== shape.join()) {
      throw badWeights(path, `have "${name}" with the shape [${entry.shape}], but [${shape}] is expected`);
    }
    const size = sizeOf(shape);
    const { offset, grid } = entry;
    if (offset * 4 + (grid ? 1 : 4) * size > bytes.byteLength) throw badWeights(path, `end within "${name}"`);
    const values = grid
      ? dequantize(new Int8Array(bytes.buffer, bytes.byteOffset + offset * 4, size), grid)
      : readFloats(view, offset * 4, size);
    if (!values.every(Number.isFinite))
      throw badWeights(path, `contain numbers in "${name}" that are not finite`);
    weights[name] = { shape, values, ...(grid && { grid }) };
  }
  return weights;
}

/** `size` little-endian float32 numbers. */
export function readFloats(view: DataView, offset: number, size: number): Float32Array {
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = view.getFloat32(offset + 4 * i, true);
  return values;
}

function badWeights(path: string, problem: string, cause?: Error): UserError {
  return new UserError(
    'bad-model',
    `The weights ${path} ${problem}; fetch the model's folder again or train it again with \`undertone train\`.`,
    cause && { cause },
  );
}

/** The size of a network's layer in a header. */
export const headerSize: z.ZodNumber = z.number().int().positive().max(100_000);

/** The entries of a header that describe the arrays in `weights.bin`. */
export const weightEntries = z.array(
  z.object({
    name: z.string(),
    shape: z.array(headerSize),
    offset: z.number().int().min(0),
    grid: z.object({ scale: z.number().positive(), zeroPoint: z.number().int() }).optional(),
  }),
);

/** How errors name the content of a header. */
export interface Described {
  /** For example `model`. */
  readonly subject: string;
  /** The command that trains it again: `undertone train`. */
  readonly retrain: string;
}

/**
 * Reads a JSON header and checks it against its schema.
 *
 * @throws UserError `bad-model` with the field that is wrong
 */
export async function readHeader<T>(path: string, schema: z.ZodType<T>, described: Described): Promise<T> {
  try {
    return schema.parse(JSON.parse(decodeText(await readFile(path))));
  } catch (cause) {
    throw badHeader(path, headerProblem(cause), described, cause);
  }
}

/** @param problem the field and what is wrong with it */
export function badHeader(
  path: string,
  problem: string,
  { subject, retrain }: Described,
  cause?: unknown,
): UserError {
  return new UserError(
    'bad-model',
    `The ${subject} ${path} cannot be used with this version of undertone (${problem}); fetch its folder again or train it again with \`${retrain}\`.`,
    { cause },
  );
}

function headerProblem(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return (cause as Error).message;
  return `${cause.issues[0]!.path.join('.') || 'the file'}: ${cause.issues[0]!.message}`;
}

/** Writes `weights.bin`, then the header that describes it. Creates the folder if it is missing. */
export async function writeWithHeader(
  folder: string,
  name: string,
  header: Readonly<Record<string, unknown>>,
  weights: Weights,
): Promise<void> {
  const { entries, bytes } = packWeights(weights);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'weights.bin'), bytes);
  await writeFile(join(folder, name), `${JSON.stringify({ ...header, weights: entries }, null, 2)}\n`);
}
