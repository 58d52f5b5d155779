const SAMPLE_BYTES = 4;

export interface ChannelChoice {
  /** Channels of the interleaved samples. */
  readonly total: number;
  /** The first one that is used; 1 is the first of the device. */
  readonly first: number;
  /** How many are used: first + count − 1 ≤ total. */
  readonly count: number;
}

/** The chosen channels of interleaved 32-bit samples, in bytes; the bytes themselves if all are chosen. */
export function pickChannels(bytes: Uint8Array, { total, first, count }: ChannelChoice): Uint8Array {
  if (count === total) return bytes;
  const frames = Math.floor(bytes.length / SAMPLE_BYTES / total);
  const size = count * SAMPLE_BYTES;
  const picked = new Uint8Array(frames * size);
  for (let i = 0; i < frames; i++) {
    const from = (i * total + first - 1) * SAMPLE_BYTES;
    picked.set(bytes.subarray(from, from + size), i * size);
  }
  return picked;
}
