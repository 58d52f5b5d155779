/** A format that undertone recognizes but does not decode. */
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
  { name: 'Ogg with Speex inside', magic: 'Speex   ', at: 28 },
  { name: 'Ogg with CELT inside', magic: 'CELT    ', at: 28 },
];

/** Packets of MPEG-TS have 188 bytes; Blu-ray writes 4 bytes of time before each. */
const TS_PACKET_BYTES = [188, 192];
const TS_SYNC = 0x47;

/** What a recording is, for a sentence in which "which undertone cannot decode" follows; undefined if not known. */
export function foreignFormat(head: Uint8Array): string | undefined {
  for (const { name, magic, at = 0 } of FOREIGN) {
    if (head.length >= at + magic.length && [...magic].every((c, i) => head[at + i] === c.charCodeAt(0)))
      return name;
  }
  const isTs = TS_PACKET_BYTES.some((size) =>
    [0, 1, 2, 3].every((i) => head[i * size + size - 188] === TS_SYNC),
  );
  return isTs ? 'an MPEG transport stream (TS)' : undefined;
}
