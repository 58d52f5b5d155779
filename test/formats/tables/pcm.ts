import { cut, type Edit, edited, ffmpeg, joined, ofClip, piped, sox } from '../encode.ts';
import { adpcm, exact, type Group, lossy } from '../row.ts';

const S16 = '-c:a pcm_s16le';
/** Offsets in a WAV file of ffmpeg with `-bitexact`, which has no other chunks than `fmt ` and `data`. */
const CHANNELS_AT = 22;
const BLOCK_ALIGN_AT = 32;
const DATA_SIZE_AT = 40;
const set =
  (write: 'writeUInt16LE' | 'writeUInt32LE' | 'writeInt32LE', value: number, at: number): Edit =>
  (bytes) => {
    bytes[write](value, at);
    return bytes;
  };
const plainWav = ffmpeg(`${S16}`);
const wav = (args: string) => ffmpeg(args);

/** An ID3v2.4 tag of zeros. */
export const id3v2 = (bytes: number): Buffer => {
  const tag = Buffer.alloc(10 + bytes);
  tag.set([0x49, 0x44, 0x33, 4, 0, 0, bytes >> 21, (bytes >> 14) & 127, (bytes >> 7) & 127, bytes & 127]);
  return tag;
};

/** ID3v1: the last 128 bytes of a file. */
export const id3v1 = (): Buffer => Buffer.concat([Buffer.from('TAGTitle'), Buffer.alloc(120)]);

/** APEv2 without items: header and footer. */
export const apev2 = (): Buffer => {
  const part = (flags: number) => {
    const bytes = Buffer.alloc(32);
    bytes.write('APETAGEX', 'latin1');
    bytes.writeUInt32LE(2000, 8);
    bytes.writeUInt32LE(32, 12);
    bytes.writeUInt32LE(flags, 20);
    return bytes;
  };
  return Buffer.concat([part(0xa000_0000), part(0x8000_0000)]);
};

export const PCM_GROUPS: readonly Group[] = [
  {
    title: 'WAV',
    decoder: 'src/stream/decode/wav.ts',
    tolerance: exact,
    tellsEnd: true,
    rows: [
      { name: '8 bits, 8 kHz, mono', extension: 'wav', make: wav('-ar 8000 -ac 1 -c:a pcm_u8') },
      { name: '16 bits, 11.025 kHz, mono', extension: 'wav', make: wav(`-ar 11025 -ac 1 ${S16}`) },
      { name: '16 bits, 44.1 kHz, stereo', extension: 'wav', make: plainWav },
      { name: '24 bits, 96 kHz, stereo', extension: 'wav', make: wav('-ar 96000 -c:a pcm_s24le') },
      { name: '32 bits, 192 kHz, stereo', extension: 'wav', make: wav('-ar 192000 -c:a pcm_s32le') },
      { name: '32-bit float, 48 kHz, stereo', extension: 'wav', make: wav('-ar 48000 -c:a pcm_f32le') },
      { name: '64-bit float, 44.1 kHz, stereo', extension: 'wav', make: wav('-c:a pcm_f64le') },
      { name: '16 bits, 48 kHz, 5.1', extension: 'wav', make: wav(`-ar 48000 -ac 6 ${S16}`) },
      { name: '24 bits, 48 kHz, 7.1', extension: 'wav', make: wav('-ar 48000 -ac 8 -c:a pcm_s24le') },
      {
        name: '24 bits from SoX, extensible, 48 kHz, stereo',
        extension: 'wav',
        make: sox('IN -r 48000 -b 24 OUT'),
      },
      { name: 'RF64, 16 bits', extension: 'wav', make: wav(`${S16} -rf64 always`) },
      {
        name: 'to a pipe, sizes unknown',
        extension: 'wav',
        make: piped('-f wav'),
        tellsEnd: false,
      },
      {
        name: 'data size 0',
        extension: 'wav',
        make: edited(plainWav, set('writeUInt32LE', 0, DATA_SIZE_AT)),
        tellsEnd: false,
      },
      {
        name: 'data size -1',
        extension: 'wav',
        make: edited(plainWav, set('writeInt32LE', -1, DATA_SIZE_AT)),
        tellsEnd: false,
      },
      {
        name: 'block size 0',
        extension: 'wav',
        make: edited(plainWav, set('writeUInt16LE', 0, BLOCK_ALIGN_AT)),
      },
      {
        name: 'block size of one channel',
        extension: 'wav',
        make: edited(plainWav, set('writeUInt16LE', 2, BLOCK_ALIGN_AT)),
      },
      {
        name: 'block size in bits',
        extension: 'wav',
        make: edited(plainWav, set('writeUInt16LE', 32, BLOCK_ALIGN_AT)),
      },
      {
        name: 'LIST tags before and after the samples',
        extension: 'wav',
        make: edited(plainWav, (bytes) => {
          const list = Buffer.from('LIST\x1a\0\0\0INFOINAM\x0e\0\0\0Dawn and dusk\0', 'latin1');
          return Buffer.concat([bytes.subarray(0, 36), list, bytes.subarray(36), list]);
        }),
      },
      {
        name: 'ID3v2 before the header',
        extension: 'wav',
        make: edited(plainWav, (bytes) => Buffer.concat([id3v2(5000), bytes])),
      },
      {
        name: 'one WAV after the other, another rate and mono',
        extension: 'wav',
        make: joined(ffmpeg(`${S16}`, 'first'), ffmpeg(`-ar 48000 -ac 1 ${S16}`, 'second')),
      },
      {
        name: 'no channels in the header',
        extension: 'wav',
        make: edited(plainWav, set('writeUInt16LE', 0, CHANNELS_AT)),
        refused: /header.*0 channels/,
      },
    ],
  },
  {
    title: 'WAV, compressed',
    decoder: '@audio/decode-wav',
    tolerance: adpcm(2100),
    rows: [
      {
        name: 'A-law, 8 kHz, mono',
        extension: 'wav',
        make: wav('-ar 8000 -ac 1 -c:a pcm_alaw'),
        tolerance: exact,
      },
      {
        name: 'µ-law, 8 kHz, stereo',
        extension: 'wav',
        make: wav('-ar 8000 -c:a pcm_mulaw'),
        tolerance: exact,
      },
      {
        name: 'ADPCM (Microsoft), 22.05 kHz, stereo',
        extension: 'wav',
        make: wav('-ar 22050 -c:a adpcm_ms'),
      },
      { name: 'ADPCM (IMA), 44.1 kHz, stereo', extension: 'wav', make: wav('-c:a adpcm_ima_wav') },
      { name: 'ADPCM (IMA), 8 kHz, mono', extension: 'wav', make: wav('-ar 8000 -ac 1 -c:a adpcm_ima_wav') },
      {
        name: 'MP3 in WAV',
        extension: 'wav',
        make: wav('-c:a libmp3lame -b:a 128k'),
        tolerance: lossy(2400),
      },
      { name: 'MP2 in WAV', extension: 'wav', make: wav('-c:a mp2 -b:a 192k'), tolerance: lossy(1200) },
      {
        name: 'GSM 6.10 in WAV',
        extension: 'wav',
        make: sox('IN -r 8000 -c 1 -e gsm-full-rate OUT'),
        refused: /GSM/,
      },
      {
        name: 'G.722 in WAV',
        extension: 'wav',
        make: wav('-ar 16000 -ac 1 -c:a g722'),
        refused: /G\.722/,
      },
    ],
  },
  {
    title: 'AIFF',
    decoder: 'src/stream/decode/aiff.ts',
    tolerance: exact,
    tellsEnd: true,
    rows: [
      { name: '16 bits, 44.1 kHz, stereo', extension: 'aiff', make: ffmpeg('-c:a pcm_s16be') },
      { name: '8 bits, 8 kHz, mono', extension: 'aiff', make: ffmpeg('-ar 8000 -ac 1 -c:a pcm_s8') },
      { name: '24 bits, 96 kHz, stereo', extension: 'aiff', make: ffmpeg('-ar 96000 -c:a pcm_s24be') },
      { name: 'AIFF-C, little-endian (sowt)', extension: 'aifc', make: ffmpeg('-c:a pcm_s16le -f aiff') },
      {
        name: 'AIFF-C, 32-bit float, 48 kHz',
        extension: 'aifc',
        make: ffmpeg('-ar 48000 -c:a pcm_f32be -f aiff'),
      },
      {
        name: 'AIFF-C, µ-law, 8 kHz, mono',
        extension: 'aifc',
        make: ffmpeg('-ar 8000 -ac 1 -c:a pcm_mulaw -f aiff'),
      },
      {
        name: 'AIFF-C, A-law, 8 kHz, mono',
        extension: 'aifc',
        make: ffmpeg('-ar 8000 -ac 1 -c:a pcm_alaw -f aiff'),
      },
      {
        name: 'AIFF-C, ADPCM (ima4), 44.1 kHz, stereo',
        extension: 'aifc',
        make: ffmpeg('-c:a adpcm_ima_qt -f aiff'),
        tolerance: adpcm(64),
      },
      {
        name: '16 bits from SoX, 5.1, 48 kHz',
        extension: 'aiff',
        make: sox('IN -r 48000 OUT remix 1 2 1 2 1 2'),
      },
      {
        name: 'cut within the header',
        extension: 'aiff',
        make: cut(ffmpeg('-c:a pcm_s16be'), (bytes) => bytes.subarray(0, 40)),
        refused: /AIFF|aiff|cut short/,
      },
    ],
  },
  {
    title: 'CAF',
    decoder: 'src/stream/decode/caf.ts',
    tolerance: exact,
    tellsEnd: true,
    rows: [
      { name: '16 bits, 44.1 kHz, stereo', extension: 'caf', make: ffmpeg('-c:a pcm_s16le') },
      { name: '24 bits, big-endian, 96 kHz', extension: 'caf', make: ffmpeg('-ar 96000 -c:a pcm_s24be') },
      {
        name: '32-bit float, 48 kHz, mono',
        extension: 'caf',
        make: ffmpeg('-ar 48000 -ac 1 -c:a pcm_f32le'),
      },
      { name: 'A-law, 8 kHz, mono', extension: 'caf', make: ffmpeg('-ar 8000 -ac 1 -c:a pcm_alaw') },
      {
        name: 'ADPCM (ima4), 44.1 kHz, stereo',
        extension: 'caf',
        make: ffmpeg('-c:a adpcm_ima_qt'),
        tolerance: adpcm(64),
      },
      {
        name: 'data size -1',
        extension: 'caf',
        make: edited(ffmpeg('-c:a pcm_s16le'), (bytes) => {
          bytes.writeBigInt64BE(-1n, bytes.indexOf('data') + 4);
          return bytes;
        }),
        tellsEnd: false,
      },
      { name: 'ALAC, 44.1 kHz, stereo', extension: 'caf', make: ffmpeg('-c:a alac') },
      {
        name: 'Opus, 48 kHz, stereo',
        extension: 'caf',
        make: ffmpeg('-ar 48000 -c:a libopus'),
        tolerance: lossy(1000),
      },
    ],
  },
  {
    title: 'Other uncompressed files',
    decoder: 'src/stream/decode/wav.ts',
    tolerance: exact,
    rows: [
      { name: 'AU, 16 bits', extension: 'au', make: ffmpeg('-c:a pcm_s16be'), refused: /AU/ },
      { name: 'Wave64, 16 bits', extension: 'w64', make: ffmpeg('-c:a pcm_s16le'), refused: /Wave64/ },
      {
        name: 'RIFX (big-endian WAV)',
        extension: 'wav',
        // ffmpeg reads its samples as little-endian.
        make: ofClip(sox('IN -B OUT')),
      },
    ],
  },
];
