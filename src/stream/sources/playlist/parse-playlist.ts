import { unescapeXml } from '../../../util/xml-entities.ts';

/** A list of recordings or streams: what stations print as their address, and what players save. */
export interface Playlist {
  readonly format: PlaylistFormat;
  /** Addresses and paths as they are written in the list, in its order. */
  readonly entries: readonly string[];
  /** The list itself, if it is HLS. */
  readonly text?: string;
}

/** HLS and DASH cut a stream into many short files, whose list changes all the time; HLS is read by sources/hls/. */
export type PlaylistFormat = 'M3U' | 'PLS' | 'XSPF' | 'ASX' | 'HLS' | 'DASH';

/**
 * Reads a playlist: M3U (also .m3u8 and .ram), PLS, XSPF and ASX (also .wax and .wpl). None of these but XSPF has a
 * specification; this follows what players write: https://en.wikipedia.org/wiki/M3U, …/PLS_(file_format).
 *
 * @param isM3u whether the name or the media type is that of one: an M3U needs no header
 * @returns undefined for other text
 */
export function parsePlaylist(text: string, isM3u: boolean): Playlist | undefined {
  const start = text.slice(0, 4096);
  if (/^#EXT-X-/m.test(text)) return { format: 'HLS', entries: [], text };
  if (/^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<MPD\b/s.test(start)) return { format: 'DASH', entries: [] };
  if (/^\s*\[(playlist|reference)\]/i.test(start)) return { format: 'PLS', entries: iniEntries(text) };
  if (/<playlist\b/i.test(start)) return { format: 'XSPF', entries: xspfEntries(text) };
  if (/<(asx|smil)\b/i.test(start)) return { format: 'ASX', entries: asxEntries(text) };
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const entries = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const isPlain = entries.length > 0 && entries.every((line) => /^https?:\/\/\S+$/i.test(line));
  return isM3u || isPlain || /^\s*#EXTM3U/i.test(start) ? { format: 'M3U', entries } : undefined;
}

/** `File1=…`; in lists for the Windows Media Player, `Ref1=…`. */
function iniEntries(text: string): string[] {
  const entries = [...text.matchAll(/^[ \t]*(?:File|Ref)(\d+)[ \t]*=[ \t]*(.+?)[ \t]*$/gim)];
  return entries.sort((a, b) => Number(a[1]) - Number(b[1])).map(([, , entry]) => entry!);
}

/** https://www.xspf.org/spec: several locations of a track are alternatives. */
function xspfEntries(text: string): string[] {
  const tracks = [...text.matchAll(/<track\b[^>]*>(.*?)<\/track\s*>/gis)].map(([, track]) => track!);
  return tracks.flatMap((track) => {
    const [, , cdata, plain] =
      /<location\b[^>]*>\s*(<!\[CDATA\[(.*?)\]\]>|([^<]*))\s*<\/location/is.exec(track) ?? [];
    const location = cdata ?? unescapeXml(plain ?? '');
    return location.trim() === '' ? [] : [location.trim()];
  });
}

function asxEntries(text: string): string[] {
  const references = text.matchAll(
    /<(?:ref|entryref|media)\b[^>]*?\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/gis,
  );
  return [...references].map(([, double, single]) => unescapeXml(double ?? single ?? '').trim());
}
