/** A container was read, but nothing here decodes the encoding of the sound in it. */
export class UnsupportedCodec extends Error {
  /** The encoding's common name, or a code: `GSM 6.10`, `format tag 0x0123`. */
  readonly codec: string;

  constructor(codec: string) {
    super(`Unsupported codec: ${codec}`);
    this.name = 'UnsupportedCodec';
    this.codec = codec;
  }
}

/** Message of an error: the sizes of the packets are not known. */
export const NO_PACKET_TABLE = 'No packet table';

/** How formats are written, by the name that `detectType` gives them. */
const FORMAT_NAMES: Readonly<Record<string, string>> = {
  m4a: 'MP4',
  oga: 'Ogg',
  webm: 'WebM',
  mkv: 'Matroska',
  wma: 'WMA',
  wv: 'WavPack',
  mpc: 'Musepack',
  opus: 'Opus',
};

function formatName(type: string): string {
  return FORMAT_NAMES[type] ?? type.toUpperCase();
}

/** What the packages of `audio-decode` report for a codec that they do not have. */
const UNSUPPORTED = [
  /unsupported (?:mp4 audio|avi audio|webm) codec: (.+)/i,
  /unsupported aiff-c compression: (.+)/i,
  /caf: unsupported format '(.+)'/i,
  /unsupported wma format tag: (0x[0-9a-f]+)/i,
  /unsupported: (dst)/i,
];

/** Names of codecs that containers state as a code. */
const CODEC_NAMES: Readonly<Record<string, string>> = {
  QDM2: 'QDesign Music 2',
  QDMC: 'QDesign Music',
  MAC3: 'MACE 3:1',
  MAC6: 'MACE 6:1',
  Qclp: 'QCELP',
  agsm: 'GSM 6.10',
  ilbc: 'iLBC',
  dst: 'DST',
  'esds object type 0xdd': 'Vorbis',
  '0x164': 'WMA over S/PDIF',
  '0xa': 'WMA Voice',
};

function unsupportedCodec(cause: unknown): string | undefined {
  const message = cause instanceof Error ? cause.message : '';
  const code =
    cause instanceof UnsupportedCodec
      ? cause.codec
      : UNSUPPORTED.map((pattern) => pattern.exec(message)?.[1]).find(Boolean);
  // Damage makes codes of any bytes.
  if (!code || !/^[ -~µ]+$/.test(code)) return undefined;
  return CODEC_NAMES[code.trim()] ?? code.trim();
}

/**
 * The sentence for a recording that a decoder gave up.
 *
 * @param seconds what had been decoded by then
 * @param cause what the decoder threw
 */
export function unreadable(name: string, type: string, seconds: number, cause: unknown): string {
  const format = formatName(type);
  if (seconds > 0)
    return `${name} is damaged after ${seconds.toFixed(1)} s: expected a whole ${format} recording; try to convert it again.`;
  const codec = unsupportedCodec(cause);
  if (codec) {
    const other = { flac: 'MP3', mp3: 'FLAC' }[type] ?? 'FLAC or MP3';
    return `${name} is ${format} with ${codec} inside, which undertone cannot decode: convert it to ${other}.`;
  }
  if (cause instanceof Error && /no audio (track|stream)/i.test(cause.message))
    return `${name} has no audio that can be decoded, although it looks like ${format}: it has no audio track, or its index is missing.`;
  if (cause instanceof Error && cause.message === NO_PACKET_TABLE)
    return `${name} has no audio that can be decoded, although it looks like ${format}: its table of packets is missing, which is often at the end; get the whole file again.`;
  return `${name} has no audio that can be decoded, although it looks like ${format}: it is damaged, incomplete or empty; get the whole file again.`;
}
