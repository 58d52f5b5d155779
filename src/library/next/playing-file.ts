import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Engine } from '../../model/engine.ts';
import { analyzeRecording } from '../analysis/analyze-recording.ts';
import { loadAnalysis, trackOf } from '../analyze-tracks.ts';
import { fileHash } from '../file-hash.ts';
import { readFileTags } from '../file-tags.ts';
import type { TrackStore } from '../store/track-store.ts';
import type { Playing } from './fit.ts';

/**
 * What a file is like when it ends: from the library if it is there and has not changed, else analyzed.
 *
 * @param loadEngine called only if it has to be analyzed
 * @throws UserError those of `analyzeRecording`
 */
export async function playingFile(
  file: string,
  store: TrackStore,
  model: string,
  loadEngine: () => Promise<Engine>,
): Promise<Playing> {
  const path = resolve(file);
  const known = store.byPath(path);
  const now = await stat(path).catch(() => undefined);
  if (known && (!now || (now.size === known.size && now.mtimeMs === known.mtimeMs)))
    return { reading: known.ending, track: known };
  const analysis = await loadAnalysis(model, await loadEngine());
  try {
    const { ending, tempo, key } = await analyzeRecording(trackOf(file), analysis);
    const { title, artist, bpm, key: tagKey } = await readFileTags(file);
    const track = { title, artist, bpm: bpm ?? tempo?.bpm ?? null, key: tagKey ?? key?.key ?? null };
    return { reading: ending, track: { ...track, hash: await fileHash(file) } };
  } finally {
    await analysis.close();
  }
}
