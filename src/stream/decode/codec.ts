import { blankBursts, isLossless } from './bursts.ts';
import { containerEnd } from './container-end.ts';
import { DeclaredChannels } from './declared-channels.ts';
import type { Decoded, Decoder } from './decoder.ts';

/** What the `@audio/decode-*` packages and `audio-decode` return. */
interface Planes {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
  /** Absent: all of `channelData`. */
  readonly samplesDecoded?: number;
}

interface Codec {
  decode(bytes: Uint8Array): Planes | Promise<Planes>;
  flush?(): Planes | Promise<Planes>;
  free?(): void;
}

/**
 * These packages are opened directly. Through `audio-decode`, two channels come out as one as long as both are equal,
 * so that a song that begins with silence is mono.
 */
const PACKAGES: Readonly<Record<string, () => Promise<{ decoder(): Promise<Codec> | Codec }>>> = {
  mp3: () => import('@audio/decode-mp3'),
  aac: () => import('@audio/decode-aac'),
  m4a: () => import('@audio/decode-mp4'),
  mp4: () => import('@audio/decode-mp4'),
  mov: () => import('@audio/decode-mp4'),
  mkv: () => import('@audio/decode-webm'),
  avi: () => import('@audio/decode-avi'),
  wma: () => import('@audio/decode-wma'),
};

/**
 * Opens a codec by the format's name in `audio-decode`; undefined if there is none.
 *
 * @param channels the number of channels that the frames state; absent: it is read from the container, as far as it
 *   is needed
 */
export async function openCodec(type: string, channels?: number): Promise<Decoder | undefined> {
  const codec = await openPackage(type);
  if (!codec) return undefined;
  const end = containerEnd(type);
  const lossy = !isLossless(type);
  const declared = new DeclaredChannels(type, channels);
  let frames = 0;
  let freed = false;

  function samplesOf({ channelData, sampleRate, samplesDecoded }: Planes): Decoded {
    const length = Math.min(samplesDecoded ?? Number.POSITIVE_INFINITY, channelData[0]?.length ?? 0);
    if (length === 0) return [];
    frames += length;
    const whole = length === channelData[0]!.length;
    const planes = declared.fit(whole ? channelData : channelData.map((plane) => plane.subarray(0, length)));
    if (lossy) blankBursts(planes);
    return [{ sampleRateHz: sampleRate, channels: planes.length, samples: interleave(planes) }];
  }

  return {
    async decode(bytes) {
      end.push(bytes);
      declared.push(bytes);
      return samplesOf(await quietly(() => codec.decode(bytes)));
    },
    async flush() {
      return codec.flush ? samplesOf(await quietly(() => codec.flush!())) : [];
    },
    get truncated() {
      return end.truncated(frames);
    },
    free() {
      if (!freed) codec.free?.();
      freed = true;
    },
  };
}

/** A format may be listed although its package is not installed. */
async function openPackage(type: string): Promise<Codec | undefined> {
  const own = PACKAGES[type];
  if (own)
    return own().then(
      ({ decoder }) => decoder(),
      () => undefined,
    );
  const formats = (await import('audio-decode')).default as unknown as Record<string, unknown>;
  const open = Object.hasOwn(formats, type) ? (formats[type] as () => Promise<CallableCodec>) : undefined;
  const decode = await open?.().catch(() => undefined);
  return decode && { decode, flush: () => decode(), free: () => decode.free() };
}

/** A decoder of `audio-decode`: without bytes it returns the rest. */
interface CallableCodec {
  (bytes?: Uint8Array): Promise<Planes>;
  free(): void;
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

/** [channels][frames] → [frames · channels] */
export function interleave(planes: readonly Float32Array[]): Float32Array {
  const channels = planes.length;
  const frames = planes[0]?.length ?? 0;
  const samples = new Float32Array(frames * channels);
  if (channels === 2) {
    const [left, right] = planes as [Float32Array, Float32Array];
    for (let i = 0; i < frames; i++) {
      samples[2 * i] = left[i]!;
      samples[2 * i + 1] = right[i]!;
    }
    return samples;
  }
  for (let c = 0; c < channels; c++) {
    const plane = planes[c]!;
    for (let i = 0, at = c; i < frames; i++, at += channels) samples[at] = plane[i]!;
  }
  return samples;
}
