import { describe, expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { checksum } from '../../../src/stream/decode/ogg-page.ts';
import { UnsupportedCodec, unreadable } from '../../../src/stream/decode/unreadable.ts';
import { collect, inPieces } from '../../support/collect.ts';

const padded = (magic: string, at = 0) =>
  Buffer.concat([Buffer.alloc(at), Buffer.from(magic, 'latin1'), Buffer.alloc(6000)]);

function transportStream(packetBytes: number): Buffer {
  const bytes = Buffer.alloc(packetBytes * 40, 0xee);
  for (let at = packetBytes - 188; at < bytes.length; at += packetBytes) bytes[at] = 0x47;
  return bytes;
}

/** Ogg whose one page begins a stream. */
function oggPage(packet: string): Buffer {
  const page = Buffer.from(
    `OggS\0\x02${'\0'.repeat(20)}\x01${String.fromCharCode(packet.length)}${packet}`,
    'latin1',
  );
  page.writeUInt32LE(checksum(page), 22);
  return page;
}

describe('a format that nothing decodes', () => {
  it.each([
    ['MIDI, which has notes but no sound', padded('MThd')],
    ['a Flash video (FLV)', padded('FLV\x01\x05')],
    ['an MPEG transport stream (TS)', transportStream(188)],
    ['an MPEG transport stream (TS)', transportStream(192)],
    ['AU (Sun audio)', padded('.snd')],
    ["Monkey's Audio (APE)", padded('MAC \x96\x0f')],
    ['Ogg with Speex inside', oggPage('Speex   1.2')],
    ['RealMedia', padded('.RMF')],
    ['AAC in LATM', Buffer.alloc(6000, Buffer.of(0x56, 0xe0, 2, 1, 2))],
  ])('is named: %s', async (what, bytes) => {
    const audio = collect(decodeStream(inPieces(bytes, 4096), { name: 'song' }));
    await expect(audio).rejects.toMatchObject({
      code: 'bad-audio',
      message: `song is ${what}, which undertone cannot decode: convert it to FLAC or MP3.`,
    });
  });
});

describe('a file without sound', () => {
  it.each([
    ['a web page (HTML)', padded('\n<!DOCTYPE html><html>')],
    ['a JPEG picture', padded('\xff\xd8\xff\xe0')],
    ['a PNG picture', padded('\x89PNG')],
    ['a ZIP archive', padded('PK\x03\x04')],
  ])('is named: %s', async (what, bytes) => {
    const audio = collect(decodeStream(inPieces(bytes, 4096), { name: 'song.mp3' }));
    await expect(audio).rejects.toThrow(`song.mp3 is ${what}, not audio: expected WAV, MP3,`);
  });
});

describe('unreadable', () => {
  it.each([
    ['m4a', 'Unsupported MP4 audio codec: QCELP', 'MP4 with QCELP inside'],
    ['avi', 'Unsupported AVI audio codec: wFormatTag 0x130', 'AVI with wFormatTag 0x130 inside'],
    ['webm', 'Unsupported WebM codec: A_REAL/COOK', 'WebM with A_REAL/COOK inside'],
    ['aiff', 'Unsupported AIFF-C compression: MAC3', 'AIFF with MACE 3:1 inside'],
    ['wma', 'Unsupported WMA format tag: 0xa', 'WMA with WMA Voice inside'],
  ])('gives the cause that the codec of %s reports', (type, message, words) => {
    const sentence = unreadable('song', type, 0, new TypeError(message));
    expect(sentence).toBe(`song is ${words}, which undertone cannot decode: convert it to FLAC or MP3.`);
  });

  it('never advises the format that the recording has', () => {
    for (const [type, format] of [
      ['flac', 'FLAC'],
      ['mp3', 'MP3'],
      ['wav', 'WAV'],
      ['caf', 'CAF'],
    ] as const) {
      for (const cause of [new UnsupportedCodec('x'), new Error('Nothing was decoded.')]) {
        const advice = unreadable('song', type, 0, cause).split(': ').at(-1)!;
        expect(advice).not.toContain(format);
      }
    }
  });

  it('names a missing audio track', () => {
    const sentence = unreadable('film.mp4', 'm4a', 0, new Error('No audio track found in MP4'));
    expect(sentence).toBe(
      'film.mp4 has no audio that can be decoded, although it looks like MP4: it has no audio track, or its index is missing.',
    );
  });
});
