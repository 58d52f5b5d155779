import { blobBytes } from '../../log/sql.ts';
import type { Mood } from '../../mood.ts';
import { decodeCurve, encodeCurve } from '../analysis/curve.ts';
import type { Origin } from '../answers.ts';
import { keyName, type MusicalKey, parseKey } from '../music/musical-key.ts';
import { type Ending, type Opening, openingAlong } from '../passages.ts';
import type { AnalyzedFile, LibraryTrack } from './library-track.ts';

/** A row of the table `tracks`, as SQLite returns it. */
export interface TrackRow {
  readonly id: number;
  readonly path: string;
  readonly size: number;
  readonly mtime_ms: number;
  readonly hash: string;
  readonly missing: number;
  readonly title: string | null;
  readonly artist: string | null;
  readonly album: string | null;
  readonly genre: string | null;
  readonly rating: number | null;
  readonly tag_bpm: number | null;
  readonly imported_bpm: number | null;
  readonly estimated_bpm: number | null;
  readonly tag_key: string | null;
  readonly imported_key: string | null;
  readonly estimated_key: string | null;
  readonly seconds: number;
  readonly music_seconds: number;
  readonly loudness: number | null;
  readonly valence: number;
  readonly arousal: number;
  readonly mood: Mood;
  readonly valence_low: number;
  readonly valence_high: number;
  readonly arousal_low: number;
  readonly arousal_high: number;
  readonly curve: Buffer | ArrayBuffer;
  readonly opening: string;
  readonly ending: string;
  readonly embedding: Buffer | ArrayBuffer;
  readonly model: string;
}

export function trackOf(row: TrackRow): LibraryTrack {
  const [bpm, bpmFrom] = bestOf(row.imported_bpm, row.tag_bpm, row.estimated_bpm);
  const [key, keyFrom] = bestOf(row.imported_key, row.tag_key, row.estimated_key);
  return {
    id: row.id,
    path: row.path,
    size: row.size,
    mtimeMs: row.mtime_ms,
    hash: row.hash,
    missing: row.missing === 1,
    title: row.title,
    artist: row.artist,
    album: row.album,
    genre: row.genre,
    rating: row.rating,
    bpm,
    bpmFrom,
    key: key === null ? null : (parseKey(key) ?? null),
    keyFrom,
    seconds: row.seconds,
    musicSeconds: row.music_seconds,
    loudness: row.loudness,
    valence: row.valence,
    arousal: row.arousal,
    mood: row.mood,
    low: { valence: row.valence_low, arousal: row.arousal_low },
    high: { valence: row.valence_high, arousal: row.arousal_high },
    curve: decodeCurve(blobBytes(row.curve)),
    opening: decodeOpening(row.opening),
    ending: JSON.parse(row.ending) as Ending,
    embedding: decodeFloats(blobBytes(row.embedding)),
    model: row.model,
  };
}

function bestOf<T>(imported: T | null, tag: T | null, estimated: T | null): [T | null, Origin | null] {
  if (imported !== null) return [imported, 'import'];
  if (tag !== null) return [tag, 'tag'];
  return estimated === null ? [null, null] : [estimated, 'estimate'];
}

/** The columns of a new analysis; what was imported stays. */
export function columnsOf({ file, hash, tags, analysis, model }: AnalyzedFile) {
  const { tempo, key } = analysis;
  const name = (one: MusicalKey | null | undefined) => (one ? keyName(one) : null);
  return {
    path: file.path,
    size: file.size,
    mtime_ms: file.mtimeMs,
    hash,
    missing: 0,
    title: tags.title,
    artist: tags.artist,
    album: tags.album,
    genre: tags.genre,
    rating: tags.rating,
    tag_bpm: tags.bpm,
    estimated_bpm: tempo?.bpm ?? null,
    tempo_confidence: tempo?.confidence ?? null,
    tag_key: name(tags.key),
    estimated_key: name(key?.key),
    key_confidence: key?.confidence ?? null,
    seconds: analysis.seconds,
    music_seconds: analysis.musicSeconds,
    loudness: analysis.loudness,
    valence: analysis.valence,
    arousal: analysis.arousal,
    mood: analysis.mood,
    valence_low: analysis.low.valence,
    valence_high: analysis.high.valence,
    arousal_low: analysis.low.arousal,
    arousal_high: analysis.high.arousal,
    curve: encodeCurve(analysis.curve),
    opening: encodeOpening(analysis.opening),
    ending: JSON.stringify(analysis.ending),
    embedding: Buffer.from(new Uint8Array(analysis.embedding.slice().buffer)),
    model,
    analyzed_ms: Date.now(),
  };
}

/** `[start, [at, valence, arousal, valenceSd, arousalSd], …]`: the means follow from the steps. */
function encodeOpening({ start, path }: Opening): string {
  return JSON.stringify([
    start,
    ...path.map((step) => [step.at, step.valence, step.arousal, step.valenceSd, step.arousalSd]),
  ]);
}

type StepTuple = readonly [number, number, number, number, number];

function decodeOpening(text: string): Opening {
  const [start, ...steps] = JSON.parse(text) as [number, ...StepTuple[]];
  const path = steps.map(([at, valence, arousal, valenceSd, arousalSd]) => ({
    at,
    valence,
    arousal,
    valenceSd,
    arousalSd,
  }));
  return openingAlong(start, path);
}

const decodeFloats = (bytes: Buffer) =>
  Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
