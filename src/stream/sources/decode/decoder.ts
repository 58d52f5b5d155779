import type { AudioFormat } from '../../../types.ts';

/** Decoded samples in order of time: interleaved, full scale ±1. */
export type Decoded = readonly (AudioFormat & { readonly samples: Float32Array })[];

/** One recording's decoder: bytes cut at any place in, samples out, the same whatever the cuts. */
export interface Decoder {
  decode(bytes: Uint8Array): Promise<Decoded>;
  /** What was still held back, once the last byte is in. */
  flush(): Promise<Decoded>;
  /** After the flush: the container promised more than came. */
  readonly truncated: boolean;
  free(): void;
}
