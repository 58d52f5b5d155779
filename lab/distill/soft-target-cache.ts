import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readCached, writeCached } from '../train/cache/cache-file.ts';
import type { Example } from '../train/example.ts';
import { type SoftTargets, type TeacherRequest, teacherTargets, versionsOf } from './teachers.ts';

/**
 * The soft targets of `teacherTargets`, from the cache if the same teachers predicted the same music before. Training
 * them takes minutes.
 */
export async function cachedSoftTargets(request: TeacherRequest, cacheFolder: string): Promise<SoftTargets> {
  const { labeled, unlabeled } = request;
  const all = [...labeled.flatMap(versionsOf), ...unlabeled];
  const place = join(cacheFolder, `${keyOf(request).slice(0, 32)}.lessons`);
  const bytes = await readCached(place);
  const cached = bytes && new Float32Array(bytes);
  const length = all.reduce((sum, { steps }) => sum + 2 * steps, 0);
  if (cached?.length === length) return splitTargets(cached, labeled, unlabeled);
  const targets = await teacherTargets(request);
  const joined = new Float32Array(length);
  let at = 0;
  for (const values of [...targets.labeled.flat(), ...targets.unlabeled]) {
    joined.set(values, at);
    at += values.length;
  }
  await writeCached(place, new Uint8Array(joined.buffer));
  return targets;
}

function splitTargets(
  all: Float32Array,
  labeled: readonly Example[],
  unlabeled: readonly Example[],
): SoftTargets {
  let at = 0;
  const take = ({ steps }: Example) => {
    const from = at;
    at += 2 * steps;
    return all.slice(from, at);
  };
  return {
    labeled: labeled.map((example) => versionsOf(example).map(take)),
    unlabeled: unlabeled.map(take),
  };
}

/** A hash of the teachers' options and of their inputs and labels, exact to the last bit. */
function keyOf({ engine, teacher, labeled, unlabeled }: TeacherRequest): string {
  const hash = createHash('sha256').update(JSON.stringify([engine.description, teacher]));
  for (const { clip, steps, labels, rows, mel } of [...labeled.flatMap(versionsOf), ...unlabeled]) {
    hash.update(JSON.stringify([clip.song.artist, clip.file, steps]));
    for (const { buffer, byteOffset, byteLength } of [labels, rows ?? mel!.frames]) {
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest('hex');
}
