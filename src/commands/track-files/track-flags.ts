import type { PcmFormat } from '../../stream/pcm.ts';
import type { StreamEvent } from '../../types.ts';
import type { ModelFlags } from '../arguments.ts';

/** Types of events that `undertone track` writes to standard error. */
export const REPORTED: ReadonlySet<StreamEvent['type']> = new Set([
  'gap',
  'source-lost',
  'phase-cancellation',
  'phase-restored',
]);

export interface Formats {
  readonly write: 'ndjson' | 'csv';
  /** Format of raw input; undefined for an audio file. */
  readonly read?: PcmFormat;
}

/** The options of `undertone track`. */
export interface TrackFlags extends ModelFlags {
  readonly format: Formats;
  readonly out?: string;
  readonly sink?: string[];
  readonly stream?: string;
  readonly profile?: string;
  readonly dataDir: string;
  readonly rate: number;
  readonly channels: number;
}
