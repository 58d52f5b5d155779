import type { Engine } from '../../src/model/engine.ts';
import type { BoundaryDetector } from '../../src/model/kinds/undertone/boundary.ts';
import type { FrontEnd } from '../../src/model/kinds/undertone/front-ends/front-end.ts';
import { standardized } from '../../src/model/standardized.ts';
import type { Weights } from '../../src/model/weights.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import type { Clip } from '../datasets/song.ts';
import { extractRows } from '../train/features/feature-rows.ts';
import { Random } from '../train/random.ts';
import { type BoundaryExample, type BoundaryScore, fitBoundary, scoreBoundaries } from './fit-boundary.ts';
import { type JoinedSongs, joinedWindows, joinSongs } from './joined-songs.ts';

/** Songs in a sequence. */
const SONGS = 6;
/** Sequences whose windows are computed at the same time. */
const AT_ONCE = 32;

interface BoundaryRequest {
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly frontEnd: FrontEnd;
  /** Of the network; only its statistics of the inputs are used. */
  readonly weights: Weights;
  readonly training: readonly Clip[];
  /** By other artists; may be empty. */
  readonly heldOut: readonly Clip[];
  /** Sequences of songs to train on; a quarter as many are made of the held-out clips. */
  readonly sequences: number;
  readonly seed: number;
}

/**
 * Fits the boundary detector on sequences of training clips; the score is on sequences of held-out clips, undefined
 * without any.
 */
export async function trainBoundary(
  request: BoundaryRequest,
): Promise<{ detector: BoundaryDetector; heldOut: BoundaryScore | undefined }> {
  const { engine, training, heldOut, sequences, seed } = request;
  const random = new Random(seed);
  const detector = fitBoundary(engine.tf, await boundaryExamples(request, training, sequences, random));
  if (heldOut.length === 0) return { detector, heldOut: undefined };
  const count = Math.ceil(sequences / 4);
  const others = await boundaryExamples(request, heldOut, count, random);
  return { detector, heldOut: scoreBoundaries(detector, others) };
}

async function boundaryExamples(
  { fft, frontEnd, weights }: Pick<BoundaryRequest, 'fft' | 'frontEnd' | 'weights'>,
  clips: readonly Clip[],
  count: number,
  random: Random,
): Promise<BoundaryExample[]> {
  const { 'input/mean': mean, 'input/scale': scale } = weights;
  const examples: BoundaryExample[] = [];
  while (examples.length < count) {
    const joined: JoinedSongs[] = [];
    while (joined.length < Math.min(AT_ONCE, count - examples.length)) {
      const songs = Array.from({ length: SONGS }, () => clips[random.below(clips.length)]!.path);
      joined.push(await joinSongs(songs, random));
    }
    const rows = await extractRows(
      joined.map((songs) => joinedWindows(songs, fft, frontEnd.needs)),
      frontEnd,
    );
    for (const [i, { boundaries }] of joined.entries()) {
      examples.push({
        boundaries,
        rows: rowsOf(standardized(rows[i]!, mean!.values, scale!.values), mean!.values.length),
      });
    }
  }
  return examples;
}

function rowsOf(all: Float32Array, inputs: number): Float32Array[] {
  return Array.from({ length: all.length / inputs }, (_, step) =>
    all.subarray(step * inputs, (step + 1) * inputs),
  );
}
