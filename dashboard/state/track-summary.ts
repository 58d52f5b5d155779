/** A title as the log keeps it; means are null without music. */
export interface TrackSummary {
  readonly title: string;
  readonly artist: string | null;
  readonly startedAt: string;
  /** Null while it plays. */
  readonly endedAt: string | null;
  readonly seconds: number;
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly valenceStart?: number | null;
  readonly valenceEnd?: number | null;
  readonly arousalStart?: number | null;
  readonly arousalEnd?: number | null;
}
