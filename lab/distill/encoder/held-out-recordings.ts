import { UserError } from '../../../src/user-error.ts';
import type { TargetedPassages } from './targets.ts';

/** About as many runs of recordings are held out, however much music there is. */
const RUNS = 10;

/** Passages to train on, and those of other recordings. */
export interface SplitPassages {
  readonly training: TargetedPassages;
  readonly validation: TargetedPassages;
}

/**
 * Holds out one recording of `every`, with all its passages: what is close to a passage that was trained on does not
 * show how other music would fare. Neighbors are held out together, as excerpts of a song and songs of an album follow
 * one another in the order of paths.
 *
 * @throws UserError `bad-data` if all passages are of one recording
 */
export function holdOutRecordings(all: TargetedPassages, every: number): SplitPassages {
  const recordings = [...new Set(all.recordings)];
  if (recordings.length < 2) {
    throw new UserError(
      'bad-data',
      'All passages of 10 s are of one recording, but at least two recordings are needed, one of them to validate on; add more music with --music.',
    );
  }
  const run = Math.max(1, Math.floor(recordings.length / every / RUNS));
  const period = Math.min(every, Math.floor(recordings.length / run));
  const isHeldOut = (_: unknown, i: number) => Math.floor(i / run) % period === period - 1;
  const heldOut = new Set(recordings.filter(isHeldOut));
  const pick = (chosen: boolean): TargetedPassages => {
    const indices = [...all.recordings.keys()].filter((i) => heldOut.has(all.recordings[i]!) === chosen);
    return {
      passages: indices.map((i) => all.passages[i]!),
      targets: indices.map((i) => all.targets[i]!),
      recordings: indices.map((i) => all.recordings[i]!),
    };
  };
  return { training: pick(false), validation: pick(true) };
}
