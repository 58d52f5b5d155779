/** An ID3v2.4 tag: texts begin with the byte of their encoding; those in UTF-8 are given as text. */
export function id3(frames: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.concat(
    Object.entries(frames).map(([name, text]) => {
      const bytes = Buffer.from(text, text.startsWith('\x03') ? 'utf8' : 'latin1');
      return Buffer.concat([Buffer.from(name), Buffer.of(0, 0, 0, bytes.length, 0, 0), bytes]);
    }),
  );
  return Buffer.concat([Buffer.from('ID3\x04\0\0'), Buffer.of(0, 0, 0, body.length), body]);
}
