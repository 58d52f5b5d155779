/** A piece and its rating, as a file of ratings lists it. */
export interface RatedFile {
  /** Path or file name of the recording. */
  readonly file: string;
  /** In [-1, 1]; null if this axis is not rated. */
  readonly valence: number | null;
  readonly arousal: number | null;
}
