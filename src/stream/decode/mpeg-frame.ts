/** Headers of frames that need no container: MPEG audio (ISO 11172-3, 13818-3) and ADTS AAC (ISO 13818-7). */

export interface FrameHeader {
  readonly codec: 'mp3' | 'aac';
  /** Length of the frame with its header; 0 for MPEG audio in free format, which does not state it. */
  readonly bytes: number;
  /** Samples per channel, before spectral band replacement. */
  readonly samples: number;
  readonly sampleRateHz: number;
  /** 0 if only the frame's content states it. */
  readonly channels: number;
  /** Equal for frames that one codec can decode one after the other. */
  readonly config: number;
}

/** Bytes that a header needs. */
export const FRAME_HEADER_BYTES = 7;

/** The header at byte `at`; undefined if there is none, or not all of it. */
export function frameHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (bytes[at] !== 0xff || at + FRAME_HEADER_BYTES > bytes.length) return undefined;
  return (bytes[at + 1]! & 0xf6) === 0xf0 ? adtsHeader(bytes, at) : mpegHeader(bytes, at);
}

/** kbit/s by bit rate index: MPEG-1 layers I, II, III; MPEG-2 and 2.5 layer I, layers II and III. */
const KBPS = {
  v1: [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  ],
  v2: [
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ],
} as const;
const MPEG1_RATES_HZ = [44_100, 48_000, 32_000];

function mpegHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  const [b, c, d] = [bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
  const version = (b >> 3) & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  const layer = 4 - ((b >> 1) & 3);
  const fullRateHz = MPEG1_RATES_HZ[(c >> 2) & 3];
  if ((b & 0xe0) !== 0xe0 || version === 1 || layer === 4 || !fullRateHz || (d & 3) === 2) return undefined;
  const kbps = (version === 3 ? KBPS.v1 : KBPS.v2)[layer - 1]![c >> 4];
  if (kbps === undefined) return undefined;
  const sampleRateHz = fullRateHz / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const samples = layer === 1 ? 384 : layer === 2 || version === 3 ? 1152 : 576;
  const padding = (c >> 1) & 1;
  const length =
    layer === 1
      ? 4 * (Math.floor((12_000 * kbps) / sampleRateHz) + padding)
      : Math.floor(((samples / 8) * 1000 * kbps) / sampleRateHz) + padding;
  const channels = d >> 6 === 3 ? 1 : 2;
  return {
    codec: 'mp3',
    bytes: kbps === 0 ? 0 : length,
    samples,
    sampleRateHz,
    channels,
    config: (version << 8) | (layer << 4) | (((c >> 2) & 3) << 2) | channels,
  };
}

const ADTS_RATES_HZ = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];

function adtsHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  const [c, d, e, f, g] = bytes.subarray(at + 2, at + 7) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const length = ((d & 3) << 11) | (e << 3) | (f >> 5);
  const sampleRateHz = ADTS_RATES_HZ[(c >> 2) & 15];
  if (length <= 8 || !sampleRateHz) return undefined;
  const layout = ((c & 1) << 2) | (d >> 6);
  return {
    codec: 'aac',
    bytes: length,
    samples: 1024 * ((g & 3) + 1),
    sampleRateHz,
    channels: layout === 7 ? 8 : layout,
    config: 0x10000 | ((c >> 6) << 8) | (((c >> 2) & 15) << 3) | layout,
  };
}

/** This many frames must follow one another: bytes may look like a header by chance. */
const MIN_FRAMES = 3;

/**
 * The index of the first of `MIN_FRAMES` consecutive frames of one configuration, from `from` on. If `atEnd`, fewer
 * are enough where the last one ends with the bytes.
 */
export function findFrames(bytes: Uint8Array, from = 0, atEnd = false): number | undefined {
  for (let start = bytes.indexOf(0xff, from); start >= 0; start = bytes.indexOf(0xff, start + 1)) {
    if (startsFrames(bytes, start, atEnd)) return start;
  }
  return undefined;
}

/** Whether consecutive frames start at `start`, as `findFrames` looks for them. */
export function startsFrames(bytes: Uint8Array, start: number, atEnd: boolean): boolean {
  let at = start;
  let config: number | undefined;
  for (let frames = 0; frames < MIN_FRAMES; frames++) {
    const header = frameHeader(bytes, at);
    if (!header || header.bytes === 0 || (config !== undefined && header.config !== config)) {
      return atEnd && frames > 0 && at === bytes.length;
    }
    config = header.config;
    at += header.bytes;
  }
  return true;
}

const MAX_FREE_FORMAT_BYTES = 4096;

/** Whether frames of MPEG audio in free format start at byte 0: the same header again at a constant distance. */
export function isFreeFormat(bytes: Uint8Array): boolean {
  const first = frameHeader(bytes, 0);
  if (first?.codec !== 'mp3' || first.bytes > 0) return false;
  const repeats = (at: number) => {
    const header = frameHeader(bytes, at);
    return header?.bytes === 0 && header.config === first.config;
  };
  for (let length = 24; length < MAX_FREE_FORMAT_BYTES; length++) {
    // A frame may be one byte longer than the one before, by its padding.
    if (repeats(length) && (repeats(2 * length) || repeats(2 * length - 1) || repeats(2 * length + 1)))
      return true;
  }
  return false;
}
