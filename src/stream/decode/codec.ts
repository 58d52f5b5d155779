import type { StreamDecoder } from 'audio-decode';
import { blankBursts, isLossless } from './bursts.ts';
import { containerEnd } from './container-end.ts';
import type { Decoded, Decoder } from './decoder.ts';

/** `audio-decode` has more formats than its types list. */
type Formats = Record<string, (() => Promise<StreamDecoder>) | undefined>;

/** Opens a decoder of `audio-decode` by the format's name; undefined if there is none. */
export async function openCodec(type: string): Promise<Decoder | undefined> {
  const formats = (await import('audio-decode')).default as unknown as Formats;
  const open = Object.hasOwn(formats, type) ? formats[type] : undefined;
  // A format may be listed although its package is not installed.
  if (!open) return undefined;
  const codec = await open().catch(() => undefined);
  if (!codec) return undefined;
  const decode = codec;
  const end = containerEnd(type);
  const lossy = !isLossless(type);
  let channels: number | undefined;
  let frames = 0;

  async function run(bytes?: Uint8Array): Promise<Decoded> {
    const { channelData, sampleRate } = await quietly(() => decode(bytes));
    const length = channelData[0]?.length ?? 0;
    if (length === 0) return [];
    // The first samples fix the channel count. The MP3 and AAC codecs return one channel while both are equal and
    // two from the first difference on, which is not a change of format.
    channels ??= channelData.length;
    frames += length;
    if (lossy) blankBursts(channelData);
    return [{ sampleRateHz: sampleRate, channels, samples: interleave(fitChannels(channelData, channels)) }];
  }

  return {
    async decode(bytes) {
      end.push(bytes);
      return run(bytes);
    },
    flush: () => run(),
    get truncated() {
      return end.truncated(frames);
    },
    free: () => codec.free(),
  };
}

/**
 * The MP3 and FLAC codecs log a line to the console for every damaged frame. It works synchronously within the call, so
 * no other output is lost.
 */
export function quietly<T>(work: () => T): T {
  const { error } = console;
  console.error = () => {};
  try {
    return work();
  } finally {
    console.error = error;
  }
}

/** Converts the number of channels: down by the mean, up by repetition. */
function fitChannels(planes: readonly Float32Array[], channels: number): readonly Float32Array[] {
  if (planes.length === channels) return planes;
  const mono = planes[0]!.map((_, i) => planes.reduce((sum, plane) => sum + plane[i]!, 0) / planes.length);
  return Array.from({ length: channels }, () => mono);
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
