import type { RecordingAnalysis } from '../../src/library/analysis/analyze-recording.ts';
import { pathEmbedding } from '../../src/library/analysis/path-embedding.ts';
import { parseKey } from '../../src/library/music/musical-key.ts';
import { openingOf } from '../../src/library/passages.ts';
import type { LibraryTrack } from '../../src/library/store/library-track.ts';
import { moodOf } from '../../src/mood.ts';
import { endingAt, framesOf, type Point, pathOf } from './frames.ts';

/** The analysis of a recording that moves from one point to another. */
export function analysisOf(from: Point, to: Point = from, seconds = 180): RecordingAnalysis {
  const steps = 2 * seconds;
  const axis = (name: 'valence' | 'arousal') =>
    Float32Array.from({ length: steps }, (_, i) => from[name] + ((to[name] - from[name]) * i) / (steps - 1));
  const curve = { valence: axis('valence'), arousal: axis('arousal') };
  const mean = { valence: (from.valence + to.valence) / 2, arousal: (from.arousal + to.arousal) / 2 };
  const { start } = openingOf(framesOf('mmmmmmmm'), 15)!;
  return {
    seconds,
    musicSeconds: seconds,
    loudness: -14,
    ...mean,
    mood: moodOf(mean.valence, mean.arousal),
    low: from,
    high: to,
    curve,
    opening: { start, path: pathOf(from), ...from, mood: moodOf(from.valence, from.arousal) },
    ending: endingAt(to),
    embedding: pathEmbedding(curve)!,
    tempo: { bpm: 120, confidence: 0.5 },
    key: { key: parseKey('8A')!, confidence: 0.7 },
  };
}

let ids = 0;

/** A track of a library that moves from one point to another. */
export function libraryTrack(
  name: string,
  from: Point,
  to: Point = from,
  more: Partial<LibraryTrack> = {},
): LibraryTrack {
  const { tempo: _, key: __, ...analysis } = analysisOf(from, to, more.seconds ?? 180);
  return {
    id: ++ids,
    path: `/music/${name}.ogg`,
    size: 1000,
    mtimeMs: 1,
    hash: name,
    missing: false,
    title: name,
    artist: null,
    album: null,
    genre: null,
    rating: null,
    bpm: 120,
    bpmFrom: 'tag',
    key: parseKey('8A')!,
    keyFrom: 'tag',
    model: 'test',
    ...analysis,
    ...more,
  };
}
