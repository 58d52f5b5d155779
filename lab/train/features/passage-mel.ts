import { createHash } from 'node:crypto';
import type { Clip } from '../../datasets/song.ts';
import { type Passage, type PlayedPassage, playPassage } from '../augment/passage.ts';
import type { MelCache } from '../cache/mel-cache.ts';

/** @throws UserError as the recordings cannot be read */
export async function hearPassage(mels: MelCache, clip: Clip, passage: Passage): Promise<PlayedPassage> {
  const { before, talk } = passage;
  return playPassage(
    passage,
    await mels.get(before.path),
    await mels.get(clip.path),
    talk && { mel: await mels.get(talk.path), from: talk.from },
  );
}

/** What is heard in a passage, as a hash. */
export async function passageKey(mels: MelCache, clip: Clip, passage: Passage): Promise<string> {
  const { before, kind, steps, gainDb, talk } = passage;
  const hash = createHash('sha256').update(await mels.keyOf(clip.path));
  hash.update(await mels.keyOf(before.path)).update(JSON.stringify([kind, steps, gainDb]));
  if (talk) hash.update(`${await mels.keyOf(talk.path)}/${talk.from}`);
  return hash.digest('hex');
}
