import { expect, test } from 'vitest';
import { decodeText, decodeTextStream, encodingOf, isText } from '../../src/util/text.ts';
import { inPieces } from '../support/collect.ts';

const TEXT = 'seq,mood\r\n1,ä€𝄞\r\n';
const ENCODED: readonly (readonly [name: string, bytes: Buffer])[] = ['', '\uFEFF'].flatMap((mark) => [
  [`UTF-8 "${mark}"`, Buffer.from(mark + TEXT)],
  [`UTF-16LE "${mark}"`, Buffer.from(mark + TEXT, 'utf16le')],
  [`UTF-16BE "${mark}"`, Buffer.from(mark + TEXT, 'utf16le').swap16()],
]);

test.each(ENCODED)('%s is decoded without its mark', (_name, bytes) => {
  expect(decodeText(bytes)).toBe(TEXT);
  expect(isText(bytes)).toBe(true);
});

test.each(ENCODED)('%s is decoded in pieces that end anywhere', async (_name, bytes) => {
  for (const size of [4, 5, 7, 100]) {
    let text = '';
    for await (const piece of decodeTextStream(inPieces(bytes, size))) text += piece;
    expect(text).toBe(TEXT);
  }
});

test('invalid bytes are replaced, and reported by isText', () => {
  const latin1 = Buffer.from('Für', 'latin1');
  expect(decodeText(latin1)).toBe('F\uFFFDr');
  expect(isText(latin1)).toBe(false);
  expect(isText(Buffer.of(0xff, 0xd8, 0xff, 0xe0))).toBe(false);
});

test('binary data is not taken for UTF-16', () => {
  for (const bytes of [[], [0], [0, 0, 0, 0x20], [0x61], [0, 0, 1, 0], [0x61, 0, 0, 0]])
    expect(encodingOf(Uint8Array.from(bytes))).toBe('utf-8');
});
