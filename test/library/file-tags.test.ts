import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFileTags } from '../../src/library/file-tags.ts';
import { tempFolder } from '../server/support.ts';

/** A FLAC file without audio: STREAMINFO and a block of Vorbis comments. */
function flacWith(...comments: string[]): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    return Buffer.concat([u32(bytes.length), bytes]);
  };
  const tags = Buffer.concat([text('test'), u32(comments.length), ...comments.map(text)]);
  const streamInfo = Buffer.alloc(34);
  streamInfo.writeUInt16BE(4096, 0);
  streamInfo.writeUInt16BE(4096, 2);
  streamInfo.writeUInt32BE((44_100 << 12) >>> 0, 10); // 44.1 kHz, mono, 16 bits
  return Buffer.concat([
    Buffer.from('fLaC'),
    Buffer.from([0, 0, 0, streamInfo.length]),
    streamInfo,
    Buffer.from([0x84, 0, tags.length >> 8, tags.length & 0xff]),
    tags,
  ]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

test.each([
  [['ARTIST=Anna', 'ARTIST=Bert'], 'Anna, Bert'],
  [['ARTIST=Anna feat. Bert', 'ARTISTS=Anna', 'ARTISTS=Bert'], 'Anna feat. Bert'],
  [['TITLE=a'], null],
])('the artists of a file: %j', async (comments, artist) => {
  const file = join(tempFolder(), 'a.flac');
  writeFileSync(file, flacWith(...comments));
  expect(await readFileTags(file)).toMatchObject({ artist });
});

test.each([
  [['INITIALKEY=8A'], { tonic: 9, mode: 'minor' }],
  [['Initial_Key=F#'], { tonic: 6, mode: 'major' }],
  [['INITIALKEY=8A', 'KEY=C'], { tonic: 0, mode: 'major' }],
  [['INITIALKEY=o'], null],
  [['TITLE=a'], null],
])('the key of Vorbis comments: %j', async (comments, key) => {
  const file = join(tempFolder(), 'a.flac');
  writeFileSync(file, flacWith(...comments));
  expect(await readFileTags(file)).toMatchObject({ key });
});
