import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packWeights, type Weights } from './weights.ts';

/** A width of a network, as a header may have it. */
export const headerSize: z.ZodNumber = z.number().int().positive().max(100_000);

/** What a header says of `weights.bin` beside it. */
export const weightEntries = z.array(
  z.object({ name: z.string(), shape: z.array(headerSize), offset: z.number().int().min(0) }),
);

/** What does not fit in a header, as part of a sentence. */
export function headerFault(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return (cause as Error).message;
  return `${cause.issues[0]!.path.join('.') || 'the file'}: ${cause.issues[0]!.message}`;
}

/** Writes the weights, then the header that describes them, into a folder that need not be there. */
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
