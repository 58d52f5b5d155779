/** The first message of `/v1/streams/NAME/spectrogram`. */
export interface SpectrogramHello {
  readonly type: 'hello';
  readonly stream: string;
  /** The middle of each band in Hz, lowest first. */
  readonly hz: readonly number[];
  /** Columns of each message, which share its 0.5 s. */
  readonly columns: number;
}

/** The mel frames of one step. */
export interface SpectrogramColumns {
  readonly type: 'mel';
  readonly stream: string;
  /** Those of the emotion frame of the same step. */
  readonly run: number;
  readonly seq: number;
  /** The end of the last column, in seconds of audio since the stream began, and by the clock. */
  readonly t: number;
  readonly time: string;
  /** [columns, bands] in base64, one byte each, oldest column and lowest band first; 0 is silence. */
  readonly data: string;
  /** Messages that this client has missed, because it read too slowly. */
  readonly dropped: number;
}

export type SpectrogramMessage = SpectrogramHello | SpectrogramColumns;
