import type { Mood } from '../../mood.ts';
import type { RecordingAnalysis } from '../analysis/analyze-recording.ts';
import type { Curve } from '../analysis/curve.ts';
import type { Origin, Point } from '../answers.ts';
import type { MusicalKey } from '../music/musical-key.ts';
import type { Ending, Opening } from '../passages.ts';

/** What the tags of a file say; null where there is no such tag. */
export interface FileTags {
  readonly title: string | null;
  readonly artist: string | null;
  readonly album: string | null;
  readonly genre: string | null;
  readonly bpm: number | null;
  readonly key: MusicalKey | null;
  /** Stars, 1 to 5. */
  readonly rating: number | null;
}

/** A file as the disk shows it. */
export interface FileState {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** A track of the library. */
export interface LibraryTrack extends FileState {
  readonly id: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  /** Not found when its folder was last scanned. */
  readonly missing: boolean;
  readonly title: string | null;
  readonly artist: string | null;
  readonly album: string | null;
  readonly genre: string | null;
  readonly rating: number | null;
  /** From the best source there is; null if nothing is known. */
  readonly bpm: number | null;
  readonly bpmFrom: Origin | null;
  readonly key: MusicalKey | null;
  readonly keyFrom: Origin | null;
  readonly seconds: number;
  readonly musicSeconds: number;
  readonly loudness: number | null;
  readonly valence: number;
  readonly arousal: number;
  readonly mood: Mood;
  readonly low: Point;
  readonly high: Point;
  readonly curve: Curve;
  readonly opening: Opening;
  readonly ending: Ending;
  readonly embedding: Float32Array;
  /** Name of the model of the analysis. */
  readonly model: string;
}

/** A new track, or a new analysis of one. */
export interface AnalyzedFile {
  readonly file: FileState;
  readonly hash: string;
  readonly tags: FileTags;
  readonly analysis: RecordingAnalysis;
  readonly model: string;
}

/** A file that could not be analyzed. */
export interface FailedFile {
  readonly file: FileState;
  readonly model: string;
  readonly code: string;
  readonly message: string;
}
