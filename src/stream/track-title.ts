import type { TrackTitle } from '../types.ts';
import { decodeWindows1252 } from '../util/text.ts';
import { unescapeXml } from '../util/xml-entities.ts';

/** Titles of tracks as stations send them: bytes in any encoding, artist and title in one text or two. */

/** Longer titles are cut: they go into every log and to every client. */
const MAX_LENGTH = 300;

/** For sentences. */
export const trackName = ({ title, artist }: TrackTitle): string =>
  artist === null ? `"${title}"` : `"${title}" by ${artist}`;

/** No track is named. */
export const NO_TITLE: TrackTitle = { title: '', artist: null };

/**
 * The track that a text names: `Artist - Title`, with a hyphen or a dash between spaces. A text without one is a title.
 *
 * @param artist if it is known separately
 */
export function trackTitle(text: string, artist = ''): TrackTitle {
  const [title, by] = [clean(text), clean(artist)];
  if (by !== '') return { title, artist: by };
  const match = /^(.*?\S)\s+[-–—]\s+(\S.*)$/u.exec(title);
  return match ? { title: match[2]!, artist: match[1]! } : { title, artist: null };
}

const clean = (text: string): string =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_LENGTH)
    .trim();

/** Share of letters beyond ASCII, in the words that have any, from which a text is Cyrillic. */
const CYRILLIC_SHARE = 0.75;

/**
 * Decodes a text whose encoding is not announced: UTF-8 if it is valid, otherwise Windows-1251 or Windows-1252, which
 * contains Latin-1. A Cyrillic word has no letter of ASCII, a word of a Western language few others. (General detectors
 * such as chardet compare frequencies of letters, for which a title is too short: they were wrong on one in three.)
 */
export function decodeTitle(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const western = decodeWindows1252(bytes);
    return isCyrillic(western) ? new TextDecoder('windows-1251').decode(bytes) : western;
  }
}

/** @param western the bytes as Windows-1252, where the Cyrillic letters are À to ÿ, ¨ and ¸ */
function isCyrillic(western: string): boolean {
  let [high, all] = [0, 0];
  for (const [word] of western.matchAll(/[\p{L}¨¸×÷]{2,}/gu)) {
    const count = word.replace(/[^\u00c0-\u00ff¨¸]/gu, '').length;
    if (count === 0) continue;
    high += count;
    all += word.length;
  }
  return all > 0 && high / all >= CYRILLIC_SHARE;
}

/**
 * The title in a metadata block of the ICY protocol: `StreamTitle='…';`. The text may contain quotes and semicolons.
 * Icecast sends characters that Latin-1 lacks as character references (`&#1050;`).
 */
export function icyTitle(block: Uint8Array): TrackTitle | undefined {
  const latin1 = Buffer.from(block.buffer, block.byteOffset, block.byteLength).toString('latin1');
  const [, text] = /StreamTitle='(.*?)'\s*(?:;\s*(?:[a-z_]\w*=|\0|$)|\0|$)/is.exec(latin1) ?? [];
  return text === undefined ? undefined : trackTitle(unescapeXml(decodeTitle(Buffer.from(text, 'latin1'))));
}

/** Holds the title of the audio that comes next, until that is decoded. */
export class NextTitle {
  #next: TrackTitle | undefined;

  set(track: TrackTitle | undefined): void {
    if (track) this.#next = track;
  }

  /** Chunks with the title added to the first one after it was set. */
  addTo<T extends object>(chunk: T): T & { readonly track?: TrackTitle } {
    const track = this.#next;
    this.#next = undefined;
    return track ? { ...chunk, track } : chunk;
  }
}
