import { describe, expect, it } from 'vitest';
import { decodeText, decodeTextStream, isText } from '../../src/util/text.ts';

const text = '{\r\n  "port": 8787, "name": "Dvořák"\r\n}';
const utf16le = Buffer.from(text, 'utf16le');
const utf16be = Buffer.from(utf16le).swap16();

describe('text of an editor', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 (little-endian) with a mark', Buffer.concat([Buffer.of(0xff, 0xfe), utf16le])],
    ['UTF-16 (big-endian) with a mark', Buffer.concat([Buffer.of(0xfe, 0xff), utf16be])],
    ['UTF-16 (little-endian)', utf16le],
    ['UTF-16 (big-endian)', utf16be],
  ])('is read: %s', async (_name, bytes) => {
    expect(decodeText(bytes)).toBe(text);
    let streamed = '';
    const pieces = (async function* () {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    })();
    for await (const part of decodeTextStream(pieces)) streamed += part;
    expect(streamed).toBe(text);
  });

  it('is told from other bytes', () => {
    expect(isText(Buffer.from(text))).toBe(true);
    expect(isText(Buffer.of(0xff, 0xd8, 0xff, 0xe0))).toBe(false);
  });
});
