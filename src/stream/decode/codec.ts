import type { StreamDecoder } from 'audio-decode';
import { containerEnd } from './container-end.ts';
import { type Decoded, type Decoder, fitChannels, interleave } from './decoder.ts';

/** `audio-decode` has more formats than its types name. */
type Formats = Record<string, (() => Promise<StreamDecoder>) | undefined>;

/** A format of `audio-decode` behind our port; undefined where it has no decoder of that name. */
export async function openCodec(type: string): Promise<Decoder | undefined> {
  const formats = (await import('audio-decode')).default as unknown as Formats;
  const open = Object.hasOwn(formats, type) ? formats[type] : undefined;
  // A format may be known by name while its package is not installed.
  if (!open) return undefined;
  const codec = await open().catch(() => undefined);
  if (!codec) return undefined;
  const decode = codec;
  const end = containerEnd(type);
  let held: Uint8Array = new Uint8Array(0);
  let channels: number | undefined;
  let frames = 0;

  async function run(bytes?: Uint8Array): Promise<Decoded> {
    const { channelData, sampleRate } = await quietly(() => decode(bytes));
    const length = channelData[0]?.length ?? 0;
    if (length === 0) return [];
    // The first samples settle the channels: the MP3 and AAC codecs hand out one channel while both are
    // equal and two from the first difference on, which is no change of format.
    channels ??= channelData.length;
    frames += length;
    return [{ sampleRateHz: sampleRate, channels, samples: interleave(fitChannels(channelData, channels)) }];
  }

  return {
    async decode(bytes) {
      end.push(bytes);
      if (type !== 'flac') return run(bytes);
      const cut = holdBackSync(held, bytes);
      held = cut.held;
      return cut.ready.length > 0 ? run(cut.ready) : [];
    },
    async flush() {
      const last = held.length > 0 ? await run(held) : [];
      return [...last, ...(await run())];
    },
    get truncated() {
      return end.truncated(frames);
    },
    free: () => codec.free(),
  };
}

/**
 * The MP3 codec writes a line to the console for every damaged frame. Its work happens synchronously
 * within the call, so nobody else's output is lost.
 */
function quietly<T>(work: () => T): T {
  const { error } = console;
  console.error = () => {};
  try {
    return work();
  } finally {
    console.error = error;
  }
}

/** No frame header of FLAC is longer. */
const MAX_HEADER_BYTES = 16;

/**
 * The FLAC codec misses a frame whose header is cut by the end of a piece, and with it 0.1 s of audio
 * (`@audio/decode-flac` 1.3.5). So whatever might begin a header in the last bytes waits for the next piece.
 *
 * @param held what waited since the piece before
 */
export function holdBackSync(
  held: Uint8Array,
  piece: Uint8Array,
): { readonly ready: Uint8Array; readonly held: Uint8Array } {
  const bytes = new Uint8Array(held.length + piece.length);
  bytes.set(held);
  bytes.set(piece, held.length);
  for (let i = Math.max(0, bytes.length - MAX_HEADER_BYTES); i < bytes.length; i++) {
    const next = bytes[i + 1];
    if (bytes[i] === 0xff && (next === undefined || (next & 0xfe) === 0xf8)) {
      return { ready: bytes.subarray(0, i), held: bytes.slice(i) };
    }
  }
  return { ready: bytes, held: new Uint8Array(0) };
}
