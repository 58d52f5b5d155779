/** An alert that a rule would have raised. */
export interface PreviewedAlert {
  readonly alert: string;
  /** When it would have been raised; ISO 8601. */
  readonly from: string;
  /** When it would have been cleared; null: not within the range. */
  readonly to: string | null;
  readonly message: string;
}

export interface AlertPreview {
  /** Oldest first; only the first few hundred. */
  readonly alerts: readonly PreviewedAlert[];
  /** How often each rule would have raised its alert, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** Frames that the log has in the range: without any, the counts mean nothing. */
  readonly frames: number;
}
