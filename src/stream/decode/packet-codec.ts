import { aacConfig, alacConfig, type CafDescription, type CafPackets } from './caf-header.ts';
import { UnsupportedCodec } from './unreadable.ts';

/** Decodes the packets of a container. */
export interface PacketCodec {
  readonly lossy: boolean;
  /** Samples of each channel; none if the packet gives nothing yet. @throws Error for a damaged packet */
  decode(packet: Uint8Array): {
    readonly channelData: readonly Float32Array[];
    readonly sampleRate: number;
  };
  free(): void;
}

interface PacketStream {
  readonly description: CafDescription;
  /** The `kuki` chunk: what the decoder needs besides the packets. */
  readonly cookie: Uint8Array;
  readonly packets: CafPackets;
}

const OPENERS: Readonly<Record<string, (stream: PacketStream) => Promise<PacketCodec>>> = {
  alac: (stream) => openAac(stream, { alac: alacConfig(stream.cookie) }),
  'aac ': (stream) => openAac(stream, { asc: aacConfig(stream.cookie, stream.description) }),
  aach: (stream) => openAac(stream, { asc: aacConfig(stream.cookie, stream.description) }),
  aacp: (stream) => openAac(stream, { asc: aacConfig(stream.cookie, stream.description) }),
  opus: openOpus,
};

export function isPacketCodec(format: string): boolean {
  return Object.hasOwn(OPENERS, format);
}

export function openPacketCodec(stream: PacketStream): Promise<PacketCodec> {
  return OPENERS[stream.description.format]!(stream);
}

/** AAC and Apple Lossless are in the same package. */
async function openAac(
  { description, packets }: PacketStream,
  config: { alac: Uint8Array } | { asc: Uint8Array },
): Promise<PacketCodec> {
  if (Object.values(config).some((bytes) => bytes.length < 2))
    throw new Error('The decoder configuration is missing.');
  const { decoder } = await import('@audio/decode-aac');
  const seconds = (samples: number) => samples / description.sampleRateHz;
  const trimmed = packets.validSamples > 0 && {
    gapless: { start: seconds(packets.primingSamples), duration: seconds(packets.validSamples) },
  };
  const codec = await decoder({ ...config, ...trimmed });
  return {
    lossy: 'asc' in config,
    decode: (packet) => codec.decode(packet),
    free: () => codec.free(),
  };
}

/** Rates that Opus can be decoded to; the packets are the same for all. */
const OPUS_RATES = [8000, 12_000, 16_000, 24_000, 48_000] as const;

async function openOpus({ description, packets }: PacketStream): Promise<PacketCodec> {
  const { channels } = description;
  if (channels < 1 || channels > 2) throw new UnsupportedCodec(`Opus of ${channels} channels`);
  const { createOpusDecoder } = await import('@audio/decode-opus/core');
  const codec = await createOpusDecoder();
  const sampleRateHz = OPUS_RATES.find((rate) => rate === description.sampleRateHz) ?? 48_000;
  codec.configure({ channels, sampleRate: sampleRateHz, preSkip: packets.primingSamples });
  let left = packets.validSamples || Infinity;
  return {
    lossy: true,
    decode(packet) {
      const { channelData, errors, samplesDecoded } = codec.decodeFrames([packet]);
      if (errors.length > 0) throw new Error(errors[0]!.message);
      const samples = Math.min(samplesDecoded, left);
      left -= samples;
      return {
        channelData: samples > 0 ? channelData.map((plane) => plane.subarray(0, samples)) : [],
        sampleRate: sampleRateHz,
      };
    },
    free: () => codec.free(),
  };
}
