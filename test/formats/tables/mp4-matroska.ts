import { ffmpeg, joined, piped } from '../encode.ts';
import { adpcm, exact, type Group, lossy } from '../row.ts';

type Clip = Parameters<typeof ffmpeg>[1];
const m4a = (args: string, clip: Clip = 'music') => ffmpeg(`-c:a aac ${args}`, clip);
const fragmented = (args: string, clip: Clip = 'music') =>
  ffmpeg(`${args} -movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 1000000`, clip);
const webm = (args: string, clip: Clip = 'music') => ffmpeg(`${args} -f webm`, clip);
const aac = lossy(1100);
/** ffmpeg delivers the first frame, the encoder's delay, where no edit list leaves it out. */
const aacWithDelay = lossy(1100, 1024);

export const MP4_GROUPS: readonly Group[] = [
  {
    title: 'MP4, M4A and MOV',
    decoder: '@audio/decode-mp4',
    tolerance: exact,
    tellsEnd: true,
    rows: [
      { name: 'AAC-LC, index last', extension: 'm4a', make: m4a('-b:a 128k'), tolerance: aac },
      { name: 'AAC-LC, index first', extension: 'm4a', make: m4a('-movflags +faststart'), tolerance: aac },
      { name: 'AAC-LC, fragmented', extension: 'mp4', make: fragmented('-c:a aac'), tolerance: aacWithDelay },
      { name: 'AAC-LC, 48 kHz, mono', extension: 'm4a', make: m4a('-ar 48000 -ac 1'), tolerance: aac },
      { name: 'AAC-LC, 48 kHz, 5.1', extension: 'm4a', make: m4a('-ar 48000 -ac 6'), tolerance: aac },
      {
        name: 'AAC-LC with a film',
        extension: 'mp4',
        make: m4a('-f lavfi -i color=s=64x64:d=4 -map 0:a -map 1:v -c:v mpeg4'),
        tolerance: aac,
      },
      { name: 'ALAC, 16 bits, 44.1 kHz', extension: 'm4a', make: ffmpeg('-c:a alac') },
      {
        name: 'ALAC, 24 bits, 96 kHz',
        extension: 'm4a',
        make: ffmpeg('-ar 96000 -sample_fmt s32p -c:a alac'),
      },
      { name: 'ALAC, mono, 8 kHz', extension: 'm4a', make: ffmpeg('-ar 8000 -ac 1 -c:a alac') },
      { name: 'ALAC in MOV', extension: 'mov', make: ffmpeg('-c:a alac') },
      {
        name: 'ALAC, both channels equal, then stereo',
        extension: 'm4a',
        make: ffmpeg('-c:a alac', 'dualMonoFirst'),
      },
      { name: 'PCM in MOV, 16 bits', extension: 'mov', make: ffmpeg('-c:a pcm_s16le') },
      { name: 'PCM in MOV, 24 bits, big-endian', extension: 'mov', make: ffmpeg('-ar 48000 -c:a pcm_s24be') },
      { name: 'PCM in MOV, 32-bit float', extension: 'mov', make: ffmpeg('-c:a pcm_f32le') },
      { name: 'PCM in MOV, fragmented', extension: 'mov', make: fragmented('-c:a pcm_s16le') },
      { name: 'PCM in MOV, silence first', extension: 'mov', make: ffmpeg('-c:a pcm_s16le', 'silenceFirst') },
      {
        name: 'ADPCM (ima4) in MOV',
        extension: 'mov',
        make: ffmpeg('-c:a adpcm_ima_qt'),
        tolerance: adpcm(64),
      },
      {
        name: 'MP3 in MP4',
        extension: 'mp4',
        make: ffmpeg('-c:a libmp3lame -b:a 128k'),
        tolerance: lossy(2400),
      },
      {
        name: 'Opus in MP4',
        extension: 'mp4',
        make: ffmpeg('-ar 48000 -c:a libopus'),
        tolerance: lossy(1000),
      },
      { name: 'FLAC in MP4', extension: 'mp4', make: ffmpeg('-c:a flac -strict -2') },
      { name: 'AC-3 in MP4', extension: 'mp4', make: ffmpeg('-ar 48000 -c:a ac3'), tolerance: lossy(1600) },
      {
        name: 'one M4A after the other, in mono',
        extension: 'm4a',
        make: joined(m4a('-movflags +faststart', 'first'), m4a('-ac 1 -movflags +faststart', 'second')),
        tolerance: aac,
      },
      {
        name: 'fragmented, a second index at another rate',
        extension: 'mp4',
        make: joined(fragmented('-c:a aac', 'first'), fragmented('-ar 32000 -c:a aac', 'second')),
        tolerance: aacWithDelay,
      },
    ],
  },
  {
    title: 'WebM and Matroska',
    decoder: '@audio/decode-webm',
    tolerance: exact,
    rows: [
      { name: 'WebM, Opus, stereo', extension: 'webm', make: webm('-c:a libopus'), tolerance: lossy(1000) },
      {
        name: 'WebM, Opus, mono',
        extension: 'webm',
        make: webm('-ac 1 -c:a libopus'),
        tolerance: lossy(1000),
      },
      {
        name: 'WebM, Opus, to a pipe',
        extension: 'webm',
        make: piped('-c:a libopus -f webm'),
        tolerance: lossy(1000),
      },
      {
        name: 'WebM, Vorbis, 44.1 kHz',
        extension: 'webm',
        make: webm('-c:a libvorbis'),
        tolerance: lossy(1100),
      },
      {
        name: 'WebM with a VP8 film, Opus',
        extension: 'webm',
        make: webm('-f lavfi -i color=s=64x64:d=4 -map 1:v -map 0:a -c:v libvpx -b:v 50k -c:a libopus'),
        tolerance: lossy(1000),
      },
      {
        name: 'WebM, a new song in Vorbis of another quality',
        extension: 'webm',
        make: joined(webm('-c:a libvorbis -q:a 4', 'first'), webm('-c:a libvorbis -q:a 0', 'second')),
        tolerance: lossy(1100),
      },
      {
        name: 'WebM, a new song in Opus after Vorbis',
        extension: 'webm',
        make: joined(webm('-c:a libvorbis', 'first'), webm('-c:a libopus', 'second')),
        tolerance: lossy(1100),
      },
      { name: 'Matroska, AAC', extension: 'mka', make: ffmpeg('-c:a aac'), tolerance: aacWithDelay },
      { name: 'Matroska, MP3', extension: 'mka', make: ffmpeg('-c:a libmp3lame'), tolerance: lossy(2400) },
      { name: 'Matroska, FLAC', extension: 'mka', make: ffmpeg('-c:a flac') },
      {
        name: 'Matroska, FLAC, both channels equal, then stereo',
        extension: 'mka',
        make: ffmpeg('-c:a flac', 'dualMonoFirst'),
      },
      { name: 'Matroska, PCM, 16 bits', extension: 'mka', make: ffmpeg('-c:a pcm_s16le') },
      { name: 'Matroska, PCM, 24 bits, 96 kHz', extension: 'mka', make: ffmpeg('-ar 96000 -c:a pcm_s24le') },
      { name: 'Matroska, ALAC', extension: 'mka', make: ffmpeg('-c:a alac') },
      {
        name: 'Matroska, AC-3',
        extension: 'mka',
        make: ffmpeg('-ar 48000 -c:a ac3'),
        tolerance: lossy(1600),
      },
      { name: 'Matroska, WavPack', extension: 'mka', make: ffmpeg('-c:a wavpack'), refused: /WavPack/ },
    ],
  },
];
