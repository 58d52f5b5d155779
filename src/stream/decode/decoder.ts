import type { AudioFormat } from '../../types.ts';

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

/** [channels][frames] → [frames · channels] */
export function interleave(planes: readonly Float32Array[]): Float32Array {
  const channels = planes.length;
  const frames = planes[0]?.length ?? 0;
  const samples = new Float32Array(frames * channels);
  for (let c = 0; c < channels; c++) {
    const plane = planes[c]!;
    for (let i = 0, at = c; i < frames; i++, at += channels) samples[at] = plane[i]!;
  }
  return samples;
}

/** The same sound in another number of channels: down by the mean, up by repetition. */
export function fitChannels(planes: readonly Float32Array[], channels: number): readonly Float32Array[] {
  if (planes.length === channels) return planes;
  const mono = planes[0]!.map((_, i) => planes.reduce((sum, plane) => sum + plane[i]!, 0) / planes.length);
  return Array.from({ length: channels }, () => mono);
}
