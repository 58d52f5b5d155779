import type { Resolution } from '../log/query.ts';
import type { EmotionBucket, EmotionFrame } from '../types.ts';
import type { Address } from './request.ts';
import { requestJson } from './request.ts';

/** What is asked of a range of frames; the answer is always JSON here. */
export interface FramesQuery<R extends Resolution = Resolution> {
  readonly resolution?: R;
  readonly forecast?: 'yes' | 'no';
  readonly limit?: number;
}

export interface Emotions<Row> {
  readonly stream: string;
  readonly from: string;
  readonly to: string;
  readonly resolution: string;
  readonly frames: readonly Row[];
  /** There are more than `limit`. */
  readonly truncated: boolean;
}

/** Frames by the step, which is the default; means for a coarser resolution. */
export type RowOf<R extends Resolution> = R extends 'step' ? EmotionFrame : EmotionBucket;

export const emotionsAt = <R extends Resolution>(
  address: Address,
  path: string,
  query: FramesQuery<R> & { readonly from?: string; readonly to?: string } = {},
  signal?: AbortSignal,
): Promise<Emotions<RowOf<R>>> => requestJson(address, 'GET', path, { query: { ...query }, signal });
