import { edited, ffmpeg, joined, piped, program, sox } from '../encode.ts';
import { exact, type Group, lossy } from '../row.ts';
import { apev2, id3v1, id3v2 } from './pcm.ts';

type Clip = Parameters<typeof ffmpeg>[1];
const vorbis = (args: string, clip: Clip = 'music') =>
  program('oggenc', `-Q --serial 1 ${args} -o OUT IN`, clip);
const opus = (args: string, clip: Clip = 'music') => ffmpeg(`-c:a libopus ${args} -f ogg`, clip);
const flac = ffmpeg('-c:a flac');

export const OGG_GROUPS: readonly Group[] = [
  {
    title: 'FLAC',
    decoder: 'src/stream/decode/flac.ts',
    tolerance: exact,
    tellsEnd: true,
    rows: [
      { name: '16 bits, 44.1 kHz, stereo', extension: 'flac', make: program('flac', '-s -8 IN -o OUT') },
      { name: '16 bits, 8 kHz, mono', extension: 'flac', make: ffmpeg('-ar 8000 -ac 1 -c:a flac') },
      {
        name: '24 bits, 96 kHz, stereo',
        extension: 'flac',
        make: ffmpeg('-ar 96000 -sample_fmt s32 -c:a flac'),
      },
      {
        name: '24 bits, 192 kHz, stereo',
        extension: 'flac',
        make: ffmpeg('-ar 192000 -sample_fmt s32 -c:a flac'),
      },
      { name: '16 bits, 48 kHz, 5.1', extension: 'flac', make: ffmpeg('-ar 48000 -ac 6 -c:a flac') },
      {
        name: '8 bits, 22.05 kHz',
        extension: 'flac',
        make: sox('IN -b 8 -r 22050 OUT'),
      },
      {
        name: 'to a pipe, length unknown',
        extension: 'flac',
        make: piped('-c:a flac -f flac'),
        tellsEnd: false,
      },
      {
        name: '300 kB of padding, as for a cover',
        extension: 'flac',
        make: program('flac', '-s --padding=300000 IN -o OUT'),
      },
      {
        name: 'ID3v2 at the start',
        extension: 'flac',
        make: edited(flac, (bytes) => Buffer.concat([id3v2(3000), bytes])),
      },
      {
        name: 'ID3v1 at the end',
        extension: 'flac',
        make: edited(flac, (bytes) => Buffer.concat([bytes, id3v1()])),
      },
      {
        name: 'APEv2 at the end',
        extension: 'flac',
        make: edited(flac, (bytes) => Buffer.concat([bytes, apev2()])),
      },
      {
        name: '4,096 zeros at the end',
        extension: 'flac',
        make: edited(flac, (bytes) => Buffer.concat([bytes, Buffer.alloc(4096)])),
      },
      {
        name: 'one FLAC after the other, another rate',
        extension: 'flac',
        make: joined(ffmpeg('-c:a flac', 'first'), ffmpeg('-ar 48000 -c:a flac', 'second')),
      },
      { name: 'Ogg FLAC, 44.1 kHz, stereo', extension: 'oga', make: ffmpeg('-c:a flac -f ogg') },
      {
        name: 'Ogg FLAC, a new song at another rate',
        extension: 'oga',
        make: joined(ffmpeg('-c:a flac -f ogg', 'first'), ffmpeg('-ar 48000 -c:a flac -f ogg', 'second')),
      },
      {
        name: 'both channels equal, then stereo',
        extension: 'flac',
        make: ffmpeg('-c:a flac', 'dualMonoFirst'),
      },
    ],
  },
  {
    title: 'Ogg Vorbis',
    decoder: '@audio/decode-vorbis',
    tolerance: lossy(1100),
    tellsEnd: true,
    rows: [
      { name: '44.1 kHz, stereo, quality 4', extension: 'ogg', make: vorbis('-q 4') },
      { name: '48 kHz, stereo, quality 9', extension: 'ogg', make: vorbis('-q 9 --resample 48000') },
      {
        name: '22.05 kHz, mono, quality 1',
        extension: 'ogg',
        make: vorbis('-q 1 --resample 22050 --downmix'),
      },
      { name: '8 kHz, mono', extension: 'ogg', make: vorbis('-q 1 --resample 8000 --downmix') },
      { name: '48 kHz, 5.1', extension: 'ogg', make: ffmpeg('-ar 48000 -ac 6 -c:a libvorbis -q:a 4') },
      {
        name: 'a new song at another quality',
        extension: 'ogg',
        make: joined(vorbis('-q 4', 'first'), vorbis('-q 1', 'second')),
      },
      {
        name: 'a new song at 48 kHz',
        extension: 'ogg',
        make: joined(vorbis('-q 4', 'first'), vorbis('-q 4 --resample 48000', 'second')),
      },
      {
        name: 'a new song at 22.05 kHz in mono',
        extension: 'ogg',
        make: joined(vorbis('-q 4', 'first'), vorbis('-q 1 --resample 22050 --downmix', 'second')),
      },
      {
        name: 'a new song in Opus',
        extension: 'ogg',
        make: joined(vorbis('-q 4', 'first'), opus('', 'second')),
      },
      {
        name: '3,000 zeros in the middle',
        extension: 'ogg',
        make: edited(vorbis('-q 4'), (bytes) => {
          const at = bytes.indexOf('OggS', bytes.length / 2);
          return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(3000), bytes.subarray(at)]);
        }),
        tellsEnd: false,
      },
      { name: 'silence first', extension: 'ogg', make: vorbis('-q 4', 'silenceFirst') },
      {
        name: 'with a Theora film',
        extension: 'ogv',
        make: ffmpeg('-f lavfi -i color=s=64x64:d=4 -c:v libtheora -c:a libvorbis -map 0:a -map 1:v'),
        tellsEnd: false,
      },
    ],
  },
  {
    title: 'Opus',
    decoder: '@audio/decode-opus',
    tolerance: lossy(1000),
    tellsEnd: true,
    rows: [
      { name: 'stereo, 96 kbit/s', extension: 'opus', make: opus('-b:a 96k') },
      { name: 'mono, 24 kbit/s, from 16 kHz', extension: 'opus', make: opus('-ar 16000 -ac 1 -b:a 24k') },
      { name: '5.1, 256 kbit/s', extension: 'opus', make: opus('-ac 6 -b:a 256k') },
      {
        name: 'packets of 60 ms',
        extension: 'opus',
        make: program('opusenc', '--quiet --serial 1 --framesize 60 IN OUT'),
      },
      {
        name: 'packets of 2.5 ms',
        extension: 'opus',
        make: program('opusenc', '--quiet --serial 1 --framesize 2.5 IN OUT'),
      },
      {
        name: 'a new song in stereo after mono',
        extension: 'opus',
        make: joined(opus('-ac 1', 'first'), opus('', 'second')),
      },
      {
        name: 'a new song in mono after stereo',
        extension: 'opus',
        make: joined(opus('', 'first'), opus('-ac 1', 'second')),
      },
      {
        name: 'a new song in Vorbis',
        extension: 'ogg',
        make: joined(opus('', 'first'), vorbis('-q 4', 'second')),
      },
      {
        name: 'both channels equal, then stereo',
        extension: 'opus',
        make: opus('-b:a 128k', 'dualMonoFirst'),
      },
      {
        name: 'Speex',
        extension: 'spx',
        make: ffmpeg('-ar 16000 -ac 1 -c:a libspeex -f ogg'),
        refused: /Speex/,
      },
    ],
  },
];
