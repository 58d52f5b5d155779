import { fourCc, hasText } from '../../util/bytes.ts';

/** Bytes that are enough to recognize the start of a recording. */
export const START_BYTES = 64;

/** How the recordings of a format start, strictly enough to find one among other bytes. */
interface Start {
  readonly format: 'riff' | 'aiff' | 'flac' | 'ogg' | 'ebml' | 'mp4' | 'caf' | 'asf';
  /** Distance of `magic` from the start, and the magic itself. */
  readonly at?: number;
  readonly magic: string;
  /** @param head `START_BYTES` from the start on, fewer at the end of the input */
  readonly confirm: (head: Uint8Array) => boolean;
}

/** Pictures have the same structure as MP4. */
const PICTURE_BRANDS = ['heic', 'heix', 'mif1', 'msf1', 'avif'];

const STARTS: readonly Start[] = [
  ...['RIFF', 'RIFX', 'RF64', 'BW64'].map((magic) => ({
    format: 'riff' as const,
    magic,
    confirm: (head: Uint8Array) => fourCc(head, 8) === 'WAVE',
  })),
  { format: 'aiff', magic: 'FORM', confirm: (head) => ['AIFF', 'AIFC'].includes(fourCc(head, 8)) },
  // STREAMINFO comes first and has 34 bytes.
  {
    format: 'flac',
    magic: 'fLaC',
    confirm: (head) => (head[4]! & 0x7f) === 0 && head[6] === 0 && head[7] === 34,
  },
  { format: 'ogg', magic: 'OggS', confirm: (head) => head[4] === 0 && head[5] === 2 },
  {
    format: 'ebml',
    magic: '\x1a\x45\xdf\xa3',
    confirm: (head) => /webm|matroska/.test(String.fromCharCode(...head)),
  },
  {
    format: 'mp4',
    at: 4,
    magic: 'ftyp',
    confirm: (head) =>
      head[0] === 0 && head[1] === 0 && head[2]! < 2 && !PICTURE_BRANDS.includes(fourCc(head, 8)),
  },
  { format: 'caf', magic: 'caff', confirm: (head) => head[4] === 0 && head[5] === 1 },
  { format: 'asf', magic: '\x30\x26\xb2\x75', confirm: (head) => head[4] === 0x8e && head[5] === 0x66 },
];

const PAIR_BYTES = 2;

/**
 * By two bytes, as a Uint16Array reads them: 1 for those that a magic begins with and those in its middle. Of a magic that
 * begins anywhere, one of these is a pair, so that half as many numbers are looked at as there are bytes.
 */
const IN_MAGIC = new Uint8Array(65_536);
for (const { magic } of STARTS) {
  const codes = Uint8Array.from(magic, (character) => character.charCodeAt(0));
  for (const at of [0, 1]) IN_MAGIC[new Uint16Array(codes.slice(at, at + PAIR_BYTES).buffer)[0]!] = 1;
}

/** Formats that may lie inside a recording of another format without beginning a new one. */
const INSIDE: Readonly<Record<string, readonly Start['format'][]>> = {
  oga: ['ogg', 'flac'],
  // FLAC finds its own next stream.
  flac: ['ogg', 'flac'],
  mkv: ['flac', 'ogg', 'mp4'],
  webm: ['flac', 'ogg', 'mp4'],
  m4a: ['flac', 'ogg'],
  mp4: ['flac', 'ogg'],
  mov: ['flac', 'ogg'],
  avi: ['riff', 'flac', 'ogg', 'mp4'],
  // WavPack, TTA and their like keep the header of the file that they were made from.
  wv: ['riff', 'aiff', 'caf'],
  ape: ['riff', 'aiff'],
  tta: ['riff'],
};

/**
 * The first byte at which another recording starts.
 *
 * @param type the format that the bytes belong to so far, by `detectType`; undefined: unknown
 * @param to only starts before this byte are looked for
 */
export function findStart(
  bytes: Uint8Array,
  { to = bytes.length, type }: { readonly to?: number; readonly type?: string | undefined } = {},
): number | undefined {
  const inside = (type && INSIDE[type]) || [];
  const first = bytes.byteOffset % PAIR_BYTES;
  const count = Math.max(0, Math.floor((Math.min(bytes.length, to + PAIR_BYTES) - first) / PAIR_BYTES));
  const pairs = new Uint16Array(bytes.buffer, bytes.byteOffset + first, count);
  for (let i = 0; i < count; i++) {
    if (IN_MAGIC[pairs[i]!] === 0) continue;
    const pair = first + PAIR_BYTES * i;
    const start = startNear(bytes, pair - 1, to, inside) ?? startNear(bytes, pair, to, inside);
    if (start !== undefined) return start;
  }
  return undefined;
}

/** The start of a recording whose magic is at byte `at`. */
function startNear(
  bytes: Uint8Array,
  at: number,
  to: number,
  inside: readonly Start['format'][],
): number | undefined {
  if (at < 0 || at >= to) return undefined;
  for (const { format, magic, at: distance = 0, confirm } of STARTS) {
    const start = at - distance;
    if (start < 0 || !hasText(bytes, at, magic) || inside.includes(format)) continue;
    if (confirm(bytes.subarray(start, start + START_BYTES))) return start;
  }
  return undefined;
}
