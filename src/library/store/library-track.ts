import type { RecordingAnalysis } from '../analysis/analyze-recording.ts';
import type { Origin } from '../answers.ts';
import type { MusicalKey } from '../music/musical-key.ts';

/** What the tags of a file contain; null where there is no such tag. */
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

/** A track of the library; its tempo and key are from the best source there is, null if nothing is known. */
export interface LibraryTrack extends FileState, FileTags, Omit<RecordingAnalysis, 'tempo' | 'key'> {
  readonly id: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  /** Not found when its folder was last scanned. */
  readonly missing: boolean;
  readonly bpmFrom: Origin | null;
  readonly keyFrom: Origin | null;
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
