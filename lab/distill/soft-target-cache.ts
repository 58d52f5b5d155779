import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readCached, writeCached } from '../train/cache/cache-file.ts';
import type { Example } from '../train/examples.ts';
import { type CrossTeachRequest, crossTeach, inAllSounds, type Lessons } from './teachers.ts';

/** Lessons from the cache where the same teachers taught the same music before: their training takes minutes. */
export async function cachedLessons(request: CrossTeachRequest, cacheFolder: string): Promise<Lessons> {
  const { labelled, unlabelled } = request;
  const all = [...labelled.flatMap(inAllSounds), ...unlabelled];
  const place = join(cacheFolder, `${keyOf(request).slice(0, 32)}.lessons`);
  const bytes = await readCached(place);
  const kept = bytes && new Float32Array(bytes);
  const length = all.reduce((sum, { steps }) => sum + 2 * steps, 0);
  if (kept?.length === length) return parted(kept, labelled, unlabelled);
  const lessons = await crossTeach(request);
  const joined = new Float32Array(length);
  let at = 0;
  for (const lesson of [...lessons.labelled.flat(), ...lessons.unlabelled]) {
    joined.set(lesson, at);
    at += lesson.length;
  }
  await writeCached(place, new Uint8Array(joined.buffer));
  return lessons;
}

function parted(all: Float32Array, labelled: readonly Example[], unlabelled: readonly Example[]): Lessons {
  let at = 0;
  const take = ({ steps }: Example) => {
    const from = at;
    at += 2 * steps;
    return all.slice(from, at);
  };
  return {
    labelled: labelled.map((example) => inAllSounds(example).map(take)),
    unlabelled: unlabelled.map(take),
  };
}

/** How the teachers are trained, on what, and what they heard of it: to the last bit. */
function keyOf({ engine, teacher, labelled, unlabelled }: CrossTeachRequest): string {
  const hash = createHash('sha256').update(JSON.stringify([engine.description, teacher]));
  for (const { clip, steps, labels, rows, mel } of [...labelled.flatMap(inAllSounds), ...unlabelled]) {
    hash.update(JSON.stringify([clip.song.artist, clip.file, steps]));
    for (const { buffer, byteOffset, byteLength } of [labels, rows ?? mel!.frames]) {
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest('hex');
}
