import { UserError } from '../../../user-error.ts';
import { peekBytes } from '../../../util/bytes.ts';
import { isGzip } from '../../../util/content-encoding.ts';
import { decodeText, decodeWindows1252, encodingOf, isText } from '../../../util/text.ts';
import { withoutSecrets } from '../../../util/without-secrets.ts';
import { type Playlist, parsePlaylist } from './parse-playlist.ts';
import { MAX_PLAYLIST_DEPTH } from './play-entries.ts';

/** What a source's bytes are: the bytes decide, since names and media types are often wrong. */
export type Content =
  | { readonly playlist: Playlist }
  | {
      readonly playlist: undefined;
      /** Audio, as far as this can recognize: not text. Iterate it: that closes the input. */
      readonly bytes: AsyncIterable<Uint8Array>;
    };

export interface RecognizeOptions {
  /** At the start of a sentence in errors. */
  readonly name: string;
  /** The media type that a server announces; empty if it announces none, absent if there is no server. */
  readonly type?: string;
}

/** No audio format begins with this much text. */
const HEAD_BYTES = 512;
/** About ten thousand entries. */
const MAX_PLAYLIST_BYTES = 2 ** 20;

/**
 * Finds out whether a source delivers audio or a playlist.
 *
 * @throws UserError `bad-audio` for DASH, for HLS that is not on the web, for a playlist without entries, for a compressed file, and for a web
 *   page or other text from a server
 */
export async function recognize(
  bytes: AsyncIterable<Uint8Array>,
  { name, type }: RecognizeOptions,
): Promise<Content> {
  const { head, all } = await peekBytes(bytes, HEAD_BYTES);
  if (head.length === 0 || !(looksLikeText(head) || isGzip(head))) return { playlist: undefined, bytes: all };
  const start = await peekBytes(all, MAX_PLAYLIST_BYTES + 1);
  const content = { playlist: undefined, bytes: start.all };
  try {
    if (isGzip(head)) throw wrong(`${name} is compressed with gzip: unpack it, then use the audio file.`);
    const text = textOf(start.head);
    const isM3u = /\.(m3u8?|ram)$/i.test(name) || /mpegurl|pn-realaudio/.test(type ?? '');
    if (isM3u && start.head.length > MAX_PLAYLIST_BYTES)
      throw wrong(`${name} is a playlist of more than 1 MB: split it into shorter ones.`);
    const playlist = start.head.length > MAX_PLAYLIST_BYTES ? undefined : parsePlaylist(text, isM3u);
    if (playlist) {
      // Throws if the connection dropped within the list: its last address may be cut.
      for await (const _ of start.all);
      checkPlaylist(playlist, name, type !== undefined);
      return { playlist };
    }
    if (type !== undefined) throw notAudio(text, name, type);
    return content;
  } catch (error) {
    await start.all.return();
    throw error;
  }
}

const wrong = (message: string) => new UserError('bad-audio', message);

function checkPlaylist({ format, entries }: Playlist, name: string, isOnWeb: boolean): void {
  if (format === 'HLS' && isOnWeb) return;
  if (format === 'HLS')
    throw wrong(`${name} is an HLS playlist: use its web address, which the names of its parts refer to.`);
  if (format === 'DASH')
    throw wrong(
      `${name} is a DASH playlist, which is not supported: use an HLS address or the direct address of the stream, which stations list as MP3, AAC or Ogg.`,
    );
  if (entries.length === 0)
    throw wrong(`${name} is an empty playlist (${format}): expected a recording or a stream in it.`);
}

/** The error for a playlist that is reached through too many others. */
export const tooDeep = (name: string): UserError =>
  wrong(
    `${name} is reached through more than ${MAX_PLAYLIST_DEPTH} playlists; perhaps one contains itself: remove that entry.`,
  );

/** The error for a playlist where it is not followed. */
export function playlistRefused({ format, entries }: Playlist, name: string): UserError {
  if (format === 'HLS') return wrong(`${name} is an HLS playlist where audio was expected: open it again.`);
  const entry = withoutSecrets(entries[0]!).slice(0, 200);
  return wrong(
    `${name} is a playlist (${format}), not audio: use what it contains instead, such as ${entry}.`,
  );
}

/** Text has no control characters but those of lines, tabs and pages. */
function looksLikeText(head: Uint8Array): boolean {
  if (encodingOf(head) !== 'utf-8') return looksLikeText(Buffer.from(decodeText(head).slice(0, -1) || '\0'));
  return head.every((byte) => (byte >= 0x20 ? byte !== 0x7f : (byte >= 9 && byte <= 13) || byte === 0x1b));
}

/** In UTF-8 or UTF-16; otherwise in the encoding of Windows, as in many an M3U. */
const textOf = (bytes: Uint8Array): string => (isText(bytes) ? decodeText(bytes) : decodeWindows1252(bytes));

/** The error for text from a server, in the server's words if it admits that. */
function notAudio(text: string, name: string, type: string): UserError {
  const isPage = /<(!doctype html|html|head|body)\b/i.test(text.slice(0, 4096));
  const what = /^(text\/|application\/(json|xml|xhtml))/.test(type) ? type : isPage ? 'a web page' : 'text';
  return wrong(`${name} is ${what}, not audio: expected the address of the audio file itself.`);
}
