import { hasText } from '../../util/bytes.ts';

/** A format that is recognized but not decoded. */
interface Foreign {
  readonly name: string;
  /** Bytes at `at`, one character each. */
  readonly magic: string;
  readonly at?: number;
}

const FOREIGN: readonly Foreign[] = [
  { name: 'MIDI, which has notes but no sound', magic: 'MThd' },
  { name: 'a Flash video (FLV)', magic: 'FLV\x01' },
  { name: 'an MPEG program stream', magic: '\0\0\x01\xba' },
  { name: 'AU (Sun audio)', magic: '.snd' },
  { name: 'a Sony Wave64 file', magic: 'riff\x2e\x91\xcf\x11' },
  { name: 'a Creative VOC file', magic: 'Creative Voice File' },
  { name: 'RealMedia', magic: '.RMF' },
  { name: 'RealAudio', magic: '.ra\xfd' },
  { name: 'an Amiga 8SVX file', magic: '8SVX', at: 8 },
  { name: "Monkey's Audio (APE)", magic: 'MAC ' },
  { name: 'Shorten', magic: 'ajkg' },
  { name: 'TAK', magic: 'tBaK' },
  { name: 'OptimFROG', magic: 'OFR ' },
  { name: 'AAC in an ADIF file', magic: 'ADIF' },
  { name: 'MLP or Dolby TrueHD', magic: '\xf8\x72\x6f', at: 4 },
];

/** Packets of MPEG-TS have 188 bytes; Blu-ray writes 4 bytes of time before each. */
const TS_PACKET_BYTES = [188, 192];
const TS_SYNC = 0x47;

/** AAC as broadcasts send it (ISO/IEC 14496-3, 1.7.2): 11 bits of sync and 13 of length before each element. */
function isLoas(head: Uint8Array): boolean {
  let at = 0;
  for (let i = 0; i < 3; i++) {
    if (at + 3 > head.length || head[at] !== 0x56 || (head[at + 1]! & 0xe0) !== 0xe0) return false;
    at += 3 + (((head[at + 1]! & 0x1f) << 8) | head[at + 2]!);
  }
  return true;
}

/** What a recording is, for a sentence in which "which undertone cannot decode" follows; undefined if not known. */
export function foreignFormat(head: Uint8Array): string | undefined {
  const foreign = FOREIGN.find(({ magic, at = 0 }) => hasText(head, at, magic));
  if (foreign) return foreign.name;
  const isTs = TS_PACKET_BYTES.some((size) =>
    [0, 1, 2, 3].every((i) => head[i * size + size - 188] === TS_SYNC),
  );
  if (isTs) return 'an MPEG transport stream (TS)';
  return isLoas(head) ? 'AAC in LATM' : undefined;
}

const NOT_AUDIO: readonly Foreign[] = [
  { name: 'a JPEG picture', magic: '\xff\xd8\xff' },
  { name: 'a PNG picture', magic: '\x89PNG' },
  { name: 'a GIF picture', magic: 'GIF8' },
  { name: 'a PDF document', magic: '%PDF' },
  { name: 'a ZIP archive', magic: 'PK\x03\x04' },
  { name: 'a gzip archive', magic: '\x1f\x8b\x08' },
];

/** What a file that has no sound is; undefined if not known. */
export function notAudio(head: Uint8Array): string | undefined {
  const start = Buffer.from(head.subarray(0, 512)).toString('latin1');
  if (/^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body)\b/i.test(start)) return 'a web page (HTML)';
  return NOT_AUDIO.find(({ magic }) => hasText(head, 0, magic))?.name;
}
