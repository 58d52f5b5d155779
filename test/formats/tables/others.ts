import { cut, edited, ffmpeg, joined, sox } from '../encode.ts';
import { exact, type Group, lossy } from '../row.ts';

const some = ffmpeg('-f wav');

export const OTHER_GROUPS: readonly Group[] = [
  {
    title: 'WMA',
    decoder: '@audio/decode-wma',
    tolerance: lossy(4200),
    rows: [
      { name: 'WMA 2, 44.1 kHz, stereo', extension: 'wma', make: ffmpeg('-c:a wmav2 -b:a 128k') },
      {
        name: 'WMA 1, 22.05 kHz, mono',
        extension: 'wma',
        make: ffmpeg('-ar 22050 -ac 1 -c:a wmav1 -b:a 48k'),
      },
      {
        name: 'both channels equal, then stereo',
        extension: 'wma',
        make: ffmpeg('-c:a wmav2 -b:a 128k', 'dualMonoFirst'),
      },
    ],
  },
  {
    title: 'WavPack',
    decoder: '@audio/decode-wavpack',
    tolerance: exact,
    rows: [
      { name: '16 bits, 44.1 kHz, stereo', extension: 'wv', make: ffmpeg('-c:a wavpack') },
      {
        name: '24 bits, 96 kHz, stereo',
        extension: 'wv',
        make: ffmpeg('-ar 96000 -sample_fmt s32p -c:a wavpack'),
      },
      { name: '32-bit float, mono', extension: 'wv', make: ffmpeg('-ac 1 -sample_fmt fltp -c:a wavpack') },
      {
        name: 'one WavPack after the other, another rate',
        extension: 'wv',
        make: joined(ffmpeg('-c:a wavpack', 'first'), ffmpeg('-ar 48000 -c:a wavpack', 'second')),
      },
    ],
  },
  {
    title: 'TTA',
    decoder: '@audio/decode-tta',
    tolerance: exact,
    rows: [
      { name: '16 bits, 44.1 kHz, stereo', extension: 'tta', make: ffmpeg('-c:a tta') },
      {
        name: '24 bits, 48 kHz, mono',
        extension: 'tta',
        make: ffmpeg('-ar 48000 -ac 1 -sample_fmt s32 -c:a tta'),
      },
    ],
  },
  {
    title: 'AC-3, E-AC-3 and DTS',
    decoder: '@audio/decode-ac3',
    tolerance: lossy(1600),
    rows: [
      { name: 'AC-3, 48 kHz, stereo', extension: 'ac3', make: ffmpeg('-ar 48000 -c:a ac3 -b:a 192k') },
      { name: 'AC-3, 48 kHz, 5.1', extension: 'ac3', make: ffmpeg('-ar 48000 -ac 6 -c:a ac3 -b:a 448k') },
      {
        name: 'AC-3, a new song in mono',
        extension: 'ac3',
        make: joined(ffmpeg('-ar 48000 -c:a ac3', 'first'), ffmpeg('-ar 48000 -ac 1 -c:a ac3', 'second')),
      },
      { name: 'E-AC-3, 48 kHz, stereo', extension: 'eac3', make: ffmpeg('-ar 48000 -c:a eac3') },
      { name: 'DTS, 48 kHz, stereo', extension: 'dts', make: ffmpeg('-ar 48000 -c:a dca -strict -2') },
    ],
  },
  {
    title: 'AMR',
    decoder: '@audio/decode-amr',
    tolerance: lossy(400),
    rows: [{ name: 'AMR-NB, 8 kHz', extension: 'amr-nb', make: sox('IN -r 8000 -c 1 OUT') }],
  },
  {
    title: 'Other containers',
    decoder: '@audio/decode-avi',
    tolerance: exact,
    rows: [
      { name: 'AVI, PCM', extension: 'avi', make: ffmpeg('-c:a pcm_s16le') },
      {
        name: 'AVI, MP3',
        extension: 'avi',
        make: ffmpeg('-c:a libmp3lame -b:a 128k'),
        tolerance: lossy(2400),
      },
      { name: 'FLV, MP3', extension: 'flv', make: ffmpeg('-c:a libmp3lame'), refused: /FLV|Flash/ },
      { name: 'RealMedia', extension: 'rm', make: ffmpeg('-c:a ac3 -ar 48000'), refused: /Real/ },
    ],
  },
  {
    title: 'No audio',
    decoder: 'none',
    tolerance: exact,
    rows: [
      {
        name: 'an empty file',
        extension: 'wav',
        make: cut(some, () => new Uint8Array(0)),
        refused: /is empty/,
      },
      {
        name: 'zeros',
        extension: 'wav',
        make: edited(some, () => Buffer.alloc(100_000)),
        refused: /is not audio/,
      },
      {
        name: 'a web page',
        extension: 'mp3',
        make: edited(some, () => Buffer.from('<!DOCTYPE html><title>Not found</title>'.repeat(300))),
        refused: /is not audio|web page/,
      },
      {
        name: 'a JPEG picture',
        extension: 'mp3',
        make: ffmpeg('-f lavfi -i color=s=320x240 -map 1:v -frames:v 1 -f mjpeg'),
        refused: /JPEG|picture|is not audio/,
      },
    ],
  },
];
