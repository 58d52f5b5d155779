import { readFileSync } from 'node:fs';

/**
 * Text that people edit, in the encodings that their editors write: UTF-8 and UTF-16, with and without a byte order
 * mark, which is not part of the text. Notepad, PowerShell 5 and Excel write marks and UTF-16.
 */

/** The encoding's name for TextDecoder: by the mark, else by the zero bytes that UTF-16 has beside ASCII. */
export function encodingOf(head: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a && b === 0 && (head.length < 4 || (c && d === 0))) return 'utf-16le';
  if (a === 0 && b && (head.length < 4 || (c === 0 && d))) return 'utf-16be';
  return 'utf-8';
}

/** Invalid bytes become U+FFFD. */
export const decodeText = (bytes: Uint8Array): string => new TextDecoder(encodingOf(bytes)).decode(bytes);

/** `stream`, because some versions of Node.js decode Windows-1252 as Latin-1 without it. */
export const decodeWindows1252 = (bytes: Uint8Array): string =>
  new TextDecoder('windows-1252').decode(bytes, { stream: true });

/** Whether no byte is invalid. */
export function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Like `decodeText`, for pieces that may be cut anywhere. */
export async function* decodeTextStream(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  let decode: ((piece?: Uint8Array) => string) | undefined;
  for await (const piece of pieces) {
    decode ??= decoderFor(encodingOf(piece));
    yield decode(piece);
  }
  if (decode) yield decode();
}

function decoderFor(encoding: string): (piece?: Uint8Array) => string {
  const decoder = new TextDecoder(encoding);
  return (piece) => decoder.decode(piece, { stream: piece !== undefined });
}

/** Reads a file that a person may have edited. Throws as `readFileSync` does. */
export const readTextSync = (file: string): string => decodeText(readFileSync(file));
