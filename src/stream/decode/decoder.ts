import audioType from 'audio-type';
import type { AudioFormat, TrackTitle } from '../../types.ts';
import { fourCc } from '../../util/bytes.ts';

/** Decoded samples in time order: interleaved, full scale ±1. */
export type Decoded = readonly (AudioFormat & {
  readonly samples: Float32Array;
  /** The track that begins with them, by the tags of the stream. */
  readonly track?: TrackTitle;
})[];

export const secondsOf = (decoded: Decoded): number =>
  decoded.reduce(
    (sum, { samples, channels, sampleRateHz }) => sum + samples.length / channels / sampleRateHz,
    0,
  );

/** Decodes one recording: bytes in, samples out. The samples do not depend on how the bytes are split. */
export interface Decoder {
  decode(bytes: Uint8Array): Promise<Decoded>;
  /** The rest, after the last byte. */
  flush(): Promise<Decoded>;
  /** After the flush: whether the container announced more audio than it had. */
  readonly truncated: boolean;
  /** Bytes so far that cannot give audio, by their structure: tags, headers, other tracks. Absent: not counted. */
  readonly skipped?: number;
  free(): void;
}

/** Follows the structure of a container while it is read, to know at the end whether bytes are missing. */
export interface ContainerEnd {
  push(bytes: Uint8Array): void;
  /** @param frames samples per channel that were decoded */
  truncated(frames: number): boolean;
}

/** Bytes that are enough to detect any format, after its tags. */
export const HEAD_BYTES = 4096;

/** What WAV begins with: the usual one, big-endian, and two for files over 4 GiB. */
export const WAV_STARTS = ['RIFF', 'RIFX', 'RF64', 'BW64'];

/** The format's name in `audio-decode`; `wav` also for RIFX, RF64 and BW64. Undefined for an unknown format. */
export function detectType(head: Uint8Array): string | undefined {
  if (head.length >= 12 && fourCc(head, 8) === 'WAVE' && WAV_STARTS.includes(fourCc(head, 0))) {
    return 'wav';
  }
  // Whatever is inside: its codecs can change.
  if (head.length >= 4 && fourCc(head, 0) === 'OggS') return 'oga';
  // MOV before 2001 has no `ftyp` box.
  if (head.length >= 8 && ['moov', 'mdat', 'wide', 'pnot'].includes(fourCc(head, 4))) return 'mov';
  // A copy: audio-type reads the whole underlying buffer, even if it is given a view into it.
  return audioType(head.slice());
}
