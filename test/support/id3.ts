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

/** An ID3v2.2 tag, as old programs write it: shorter names and sizes; texts are in Latin-1 or UTF-16. */
export function id3v22(frames: Readonly<Record<string, Uint8Array>>): Buffer {
  const body = Buffer.concat(
    Object.entries(frames).map(([name, bytes]) =>
      Buffer.concat([Buffer.from(name), Buffer.of(0, 0, bytes.length), bytes]),
    ),
  );
  return Buffer.concat([Buffer.from('ID3\x02\0\0'), Buffer.of(0, 0, 0, body.length), body]);
}
