import { cut, edited, ffmpeg, fixture, joined, program } from '../encode.ts';
import { type Group, lossy } from '../row.ts';
import { apev2, id3v1, id3v2 } from './pcm.ts';

const lame = (args: string) => program('lame', `--quiet ${args} IN OUT`);
/** As a broadcast sends it: without the frame that states the length, and without tags. */
const stream = (args: string, clip: Parameters<typeof ffmpeg>[1] = 'music') =>
  ffmpeg(`-c:a libmp3lame -write_xing 0 -id3v2_version 0 ${args}`, clip);
const mp3 = stream('-b:a 128k');
const adts = (args: string, clip: Parameters<typeof ffmpeg>[1] = 'music') =>
  ffmpeg(`-c:a aac ${args} -f adts`, clip);

/** FAAD2 takes rates up to 24 kHz for HE-AAC without a sign of it, and returns twice the rate, a little later. */
const lowRate = lossy(1100, 543);

/** The same at twice the rate. */
const heAac = lossy(2200, 1086);

export const MPEG_GROUPS: readonly Group[] = [
  {
    title: 'MP3 and MP2',
    decoder: '@audio/decode-mp3',
    // A frame of each recording.
    tolerance: lossy(1152),
    rows: [
      { name: '128 kbit/s, 44.1 kHz, joint stereo', extension: 'mp3', make: lame('-b 128') },
      { name: '320 kbit/s, 48 kHz, stereo', extension: 'mp3', make: lame('-b 320 -m s --resample 48') },
      { name: 'VBR, 44.1 kHz', extension: 'mp3', make: lame('-V 4') },
      { name: 'ABR 160 kbit/s, 32 kHz', extension: 'mp3', make: lame('--abr 160 --resample 32') },
      { name: 'mono, 64 kbit/s', extension: 'mp3', make: lame('-m m -b 64') },
      { name: 'dual channel, 192 kbit/s', extension: 'mp3', make: lame('-m d -b 192') },
      { name: 'MPEG-2, 22.05 kHz, 64 kbit/s', extension: 'mp3', make: lame('--resample 22.05 -b 64') },
      { name: 'MPEG-2.5, 8 kHz, mono, 16 kbit/s', extension: 'mp3', make: lame('--resample 8 -m m -b 16') },
      {
        name: 'free format, 400 kbit/s',
        extension: 'mp3',
        make: lame('--freeformat -b 400'),
        refused: /free-format/,
      },
      {
        name: 'MP2, 192 kbit/s, 48 kHz',
        extension: 'mp2',
        make: program('twolame', '--quiet -b 192 IN OUT'),
      },
      {
        name: 'MP2, mono, 24 kHz',
        extension: 'mp2',
        make: ffmpeg('-ar 24000 -ac 1 -c:a mp2 -b:a 64k'),
      },
      {
        name: 'ID3v2 of 300 kB, as with a cover',
        extension: 'mp3',
        make: edited(mp3, (bytes) => Buffer.concat([id3v2(300_000), bytes])),
      },
      {
        name: 'ID3v2 that is longer than its size says',
        extension: 'mp3',
        make: edited(mp3, (bytes) => Buffer.concat([id3v2(1000), Buffer.alloc(2000), bytes])),
      },
      {
        name: 'APEv2 and ID3v1 at the end',
        extension: 'mp3',
        make: edited(mp3, (bytes) => Buffer.concat([bytes, apev2(), id3v1()])),
      },
      {
        name: 'APEv2 at the start',
        extension: 'mp3',
        make: edited(mp3, (bytes) => Buffer.concat([apev2(), bytes])),
      },
      {
        name: '500 zeros first',
        extension: 'mp3',
        make: edited(mp3, (bytes) => Buffer.concat([Buffer.alloc(500), bytes])),
      },
      { name: 'begins within a frame', extension: 'mp3', make: cut(mp3, (bytes) => bytes.subarray(2345)) },
      {
        name: 'a new song at another rate',
        extension: 'mp3',
        make: joined(stream('', 'first'), stream('-ar 48000', 'second')),
      },
      {
        name: 'a new song in mono',
        extension: 'mp3',
        make: joined(stream('', 'first'), stream('-ac 1', 'second')),
      },
      {
        name: 'a new song at another bit rate',
        extension: 'mp3',
        make: joined(stream('-b:a 64k', 'first'), stream('-b:a 256k', 'second')),
      },
      {
        name: 'both channels equal, then stereo',
        extension: 'mp3',
        make: ffmpeg('-c:a libmp3lame -b:a 128k', 'dualMonoFirst'),
      },
      { name: 'silence first', extension: 'mp3', make: ffmpeg('-c:a libmp3lame -b:a 128k', 'silenceFirst') },
    ],
  },
  {
    title: 'AAC (ADTS)',
    decoder: '@audio/decode-aac',
    // ffmpeg delivers the first frame, which is the encoder's delay.
    tolerance: lossy(1100, 1024),
    rows: [
      { name: 'AAC-LC, 44.1 kHz, stereo, 128 kbit/s', extension: 'aac', make: adts('-b:a 128k') },
      { name: 'AAC-LC, 48 kHz, mono', extension: 'aac', make: adts('-ar 48000 -ac 1') },
      { name: 'AAC-LC, 22.05 kHz, stereo', extension: 'aac', make: adts('-ar 22050'), tolerance: lowRate },
      { name: 'AAC-LC, 8 kHz, mono', extension: 'aac', make: adts('-ar 8000 -ac 1'), tolerance: lowRate },
      { name: 'AAC-LC, 96 kHz, stereo', extension: 'aac', make: adts('-ar 96000 -b:a 256k') },
      { name: 'AAC-LC, 48 kHz, 5.1', extension: 'aac', make: adts('-ar 48000 -ac 6 -b:a 384k') },
      {
        name: 'HE-AAC v2, 44.1 kHz, 32 kbit/s',
        extension: 'aac',
        make: fixture('he-aac-v2.aac', '-f adts'),
        tolerance: heAac,
      },
      {
        name: 'ID3v2 first',
        extension: 'aac',
        make: edited(adts('-b:a 128k'), (bytes) => Buffer.concat([id3v2(20_000), bytes])),
      },
      {
        name: 'begins within a frame',
        extension: 'aac',
        make: cut(adts('-b:a 128k'), (bytes) => bytes.subarray(1234)),
      },
      {
        name: 'a new song in mono',
        extension: 'aac',
        make: joined(adts('-b:a 128k', 'first'), adts('-ac 1 -b:a 64k', 'second')),
      },
      {
        name: 'a new song at 32 kHz',
        extension: 'aac',
        make: joined(adts('-b:a 128k', 'first'), adts('-ar 32000 -b:a 128k', 'second')),
      },
      {
        name: 'a new song at 48 kHz',
        extension: 'aac',
        make: joined(adts('-b:a 128k', 'first'), adts('-ar 48000 -b:a 128k', 'second')),
      },
      {
        name: 'both channels equal, then stereo',
        extension: 'aac',
        make: adts('-b:a 128k', 'dualMonoFirst'),
      },
      { name: 'silence first', extension: 'aac', make: adts('-b:a 128k', 'silenceFirst') },
      { name: 'LATM', extension: 'latm', make: ffmpeg('-c:a aac -f latm'), refused: /LATM/ },
      {
        name: 'MPEG transport stream with AAC',
        extension: 'ts',
        make: ffmpeg('-c:a aac -f mpegts'),
        refused: /transport stream|MPEG-TS/,
      },
    ],
  },
];
