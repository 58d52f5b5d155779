import { UserError } from '../../user-error.ts';
import type { Clip, Dataset } from './dataset.ts';
import { type Part, partOf } from './split.ts';

/** Clips by the part that their song falls into. @throws UserError `bad-data` where none is left to learn from or to validate */
export function splitClips({ clips }: Dataset): Record<Part, Clip[]> {
  const parts: Record<Part, Clip[]> = { train: [], validation: [], 'held-out': [] };
  for (const clip of clips) parts[partOf(clip.song)].push(clip);
  for (const part of ['train', 'validation'] as const) {
    if (parts[part].length > 0) continue;
    throw new UserError(
      'bad-data',
      `No song falls into the ${part} part, which is split off by artist; give music of more artists.`,
    );
  }
  return parts;
}
