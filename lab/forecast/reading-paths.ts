import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { filter, from, lastValueFrom, mergeMap, take, tap } from 'rxjs';
import { createStepper } from '../../src/model/stepper.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { track } from '../../src/tracker.ts';
import type { EmotionModel, ModelOutput } from '../../src/types.ts';
import { UserError } from '../../src/user-error.ts';
import { readCached, writeCached } from '../train/cache/cache-file.ts';
import type { Material } from './material.ts';

/** Streams that are tracked at the same time, so that their steps share batches. */
const STREAMS = 32;

/** The readings of a stretch of audio from a fresh state on. */
export interface ReadingPath {
  readonly material: Material;
  /** [steps, channels] row-major; NaN in steps without music. */
  readonly rows: Float32Array;
}

interface PathsRequest {
  readonly model: EmotionModel;
  /** Names of the numbers of a row. */
  readonly channels: readonly string[];
  /** A hash of the model's weights and code. */
  readonly modelKey: string;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
  /** Called with the number of steps so far. */
  readonly onSteps: (steps: number) => void;
}

/**
 * Computes readings on the live path until there are `steps` of them, or reads them from the cache.
 *
 * @returns the shortest beginning of `materials` that has the steps; all of them if they are too short
 * @throws UserError if a recording cannot be read; `stopped` if `signal` aborted it
 */
export async function readingPaths(
  materials: readonly Material[],
  steps: number,
  { model, channels, modelKey, fft, cacheFolder, signal, onSteps }: PathsRequest,
): Promise<ReadingPath[]> {
  const stepper = createStepper(model);
  const paths = new Map<Material, ReadingPath>();
  let total = 0;

  async function pathOf(material: Material): Promise<void> {
    if (total >= steps) return;
    const hash = createHash('sha256').update(
      `${modelKey}/${channels}/${material.steps}/${await material.key()}`,
    );
    const place = join(cacheFolder, `${hash.digest('hex').slice(0, 32)}.path`);
    const bytes = await readCached(place);
    const rows = bytes ? new Float32Array(bytes) : await compute(material);
    if (!bytes && rows.length > 0) await writeCached(place, new Uint8Array(rows.buffer));
    paths.set(material, { material, rows });
    total += rows.length / channels.length;
    onSteps(Math.min(steps, total));
  }

  async function compute(material: Material): Promise<Float32Array> {
    const rows = new Float32Array(material.steps * channels.length).fill(Number.NaN);
    const recording: typeof stepper = {
      model,
      async step(input) {
        const output = await stepper.step(input);
        const at = input.window.step * channels.length;
        for (const [c, name] of channels.entries()) rows[at + c] = channelOf(output, name);
        return output;
      },
    };
    let count = 0;
    const { messages$ } = track(material.open(), {
      stream: 'forecast',
      stepper: recording,
      fft,
      onInternalError: rethrow,
    });
    await lastValueFrom(
      messages$.pipe(
        tap((message) => {
          if (signal.aborted) throw stopped();
          if (message.type === 'stream-stopped' && message.code)
            throw new UserError(message.code, message.message);
        }),
        filter((message) => message.type === 'emotion'),
        take(material.steps),
        tap(() => count++),
      ),
      { defaultValue: undefined },
    );
    return rows.slice(0, count * channels.length);
  }

  await lastValueFrom(from(materials).pipe(mergeMap(pathOf, STREAMS)), { defaultValue: undefined });
  return shortestBeginning(materials, paths, steps, channels.length);
}

/** Does not depend on which recording was finished first. */
function shortestBeginning(
  materials: readonly Material[],
  paths: ReadonlyMap<Material, ReadingPath>,
  steps: number,
  width: number,
): ReadingPath[] {
  const beginning: ReadingPath[] = [];
  let left = steps;
  for (const material of materials) {
    const path = paths.get(material);
    if (!path || left <= 0) break;
    beginning.push(path);
    left -= path.rows.length / width;
  }
  return beginning;
}

function channelOf({ valence, arousal }: ModelOutput, name: string): number {
  return name === 'valence' ? valence : arousal;
}

function stopped(): UserError {
  return new UserError(
    'stopped',
    'The training of the forecast was stopped; readings so far are in the cache.',
  );
}

function rethrow(error: unknown): never {
  throw error;
}
