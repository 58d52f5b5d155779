import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../src/user-error.ts';
import type { Clip } from '../datasets/dataset.ts';
import { songKey } from '../datasets/song.ts';
import type { Part, Split } from '../datasets/split.ts';

export const EVALUATION_PARTS = ['all', 'held-out', 'validation', 'train'] as const;
export type EvaluationPart = (typeof EVALUATION_PARTS)[number];

/** Songs that are judged together, and what the model has had to do with them. */
export interface ClipPart {
  readonly name: EvaluationPart;
  readonly about: string;
  readonly clips: readonly Clip[];
}

const ABOUT: Readonly<Record<Part, string>> = {
  'held-out': 'Held-out songs (the model learned neither from them nor from their artists)',
  validation: 'Validation songs (they stopped the training and set the intervals, which flatters)',
  train: 'Training songs (the model learned from them, which flatters)',
};

/** Keys as `songKey` makes them: with others, songs learned from would pass for held out. */
const songKeys = z.array(z.string().regex(/^[^/]+\/./));
const splitSchema = z.object({ train: songKeys, validation: songKeys, 'held-out': songKeys });

/** The songs that a model was made with; undefined where its folder does not say. */
export async function readSplit(folder: string): Promise<Split | undefined> {
  const text = await readFile(join(folder, 'split.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return splitSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(
      'bad-model',
      `${join(folder, 'split.json')} does not list songs as train, validation and held-out; fetch the model's folder anew or remove that file.`,
      { cause },
    );
  }
}

/**
 * Sorts clips by what the model has had to do with their songs. A song that the model never met counts
 * as held out. `all` gives the held-out ones by themselves first, as only they tell how well it works.
 *
 * @throws UserError `bad-data` where the part that was asked for has no song
 */
export function evaluationParts(
  clips: readonly Clip[],
  split: Split | undefined,
  wanted: EvaluationPart,
): ClipPart[] {
  if (!split)
    return [{ name: 'all', about: 'All songs (which of them the model learned from is not known)', clips }];
  const train = new Set(split.train);
  const validation = new Set(split.validation);
  const partOfClip = ({ song }: Clip): Part => {
    const key = songKey(song);
    return train.has(key) ? 'train' : validation.has(key) ? 'validation' : 'held-out';
  };
  const part = (name: Part): ClipPart => ({
    name,
    about: ABOUT[name],
    clips: clips.filter((clip) => partOfClip(clip) === name),
  });
  if (wanted !== 'all') {
    const only = part(wanted);
    if (only.clips.length > 0) return [only];
    throw new UserError(
      'bad-data',
      `None of these songs is in the ${wanted} part of the model's split; use --split all.`,
    );
  }
  const heldOut = part('held-out');
  const learned = clips.filter((clip) => partOfClip(clip) === 'train').length;
  const all: ClipPart = {
    name: 'all',
    about: `All songs (the model learned from ${learned} of these clips, which flatters)`,
    clips,
  };
  return heldOut.clips.length === 0 || heldOut.clips.length === clips.length
    ? [{ ...all, about: heldOut.clips.length === 0 ? all.about : heldOut.about }]
    : [heldOut, all];
}
