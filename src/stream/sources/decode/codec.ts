import type { StreamDecoder } from 'audio-decode';
import { containerEnd } from './container-end.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { holdBackSync } from './flac-sync.ts';
import { fitChannels, interleave } from './interleave.ts';

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
