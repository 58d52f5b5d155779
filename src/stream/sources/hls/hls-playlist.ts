import { parse, setOptions, type types } from 'hls-parser';
import type { TrackTitle } from '../../../types.ts';
import { UserError } from '../../../user-error.ts';
import { trackTitle } from '../../track-title.ts';
import { webAddressOf } from '../playlist/entry-address.ts';

// A live stream must survive small mistakes in its list.
setOptions({ strictMode: false, silent: true });

/** A part of a file, or all of it. */
export interface HlsPart {
  readonly url: string;
  readonly range?: { readonly byte: number; readonly length: number } | undefined;
}

export interface HlsSegment extends HlsPart {
  readonly sequence: number;
  /** It does not continue the one before: another encoding, or another time line. */
  readonly discontinuity: boolean;
  /** What has to come before the segment, for MP4. */
  readonly init: HlsPart | undefined;
  readonly track: TrackTitle | undefined;
  /** The server does not have it. */
  readonly missing: boolean;
}

export interface HlsMedia {
  readonly kind: 'media';
  readonly targetSeconds: number;
  /** A recording, or a broadcast that is over: no segment will follow. */
  readonly ended: boolean;
  readonly segments: readonly HlsSegment[];
}

/** A list of the same stream in several qualities. */
export interface HlsMaster {
  readonly kind: 'master';
  /** The address of the one to play. */
  readonly url: string;
}

/**
 * Reads an HLS playlist (RFC 8216).
 *
 * @param base address of the playlist
 * @param name of the source, for errors
 * @throws UserError `bad-audio` for a damaged or encrypted one, `bad-url`
 */
export function parseHls(text: string, base: string, name: string): HlsMedia | HlsMaster {
  const playlist = parsed(text, name);
  if (playlist.isMasterPlaylist)
    return { kind: 'master', url: webAddressOf(chooseVariant(playlist as types.MasterPlaylist, name), base) };
  const { targetDuration, endlist, segments } = playlist as types.MediaPlaylist;
  return {
    kind: 'media',
    targetSeconds: Math.min(60, Math.max(1, targetDuration || 6)),
    ended: endlist,
    segments: segments.map((segment) => {
      const { uri, byterange, map, key } = segment;
      if (key && key.method !== 'NONE') throw encrypted(name, key.method);
      return {
        sequence: segment.mediaSequenceNumber,
        discontinuity: segment.discontinuity ?? false,
        ...partOf(uri, byterange, base),
        init: map ? partOf(map.uri, map.byterange, base) : undefined,
        track: titleOf(segment.title),
        missing: segment.gap ?? false,
      };
    }),
  };
}

function parsed(text: string, name: string) {
  try {
    return parse(text);
  } catch (cause) {
    const reason = (cause as Error).message.split('\n')[0];
    const message = `${name} is a damaged HLS playlist (${reason}): report it to the operator of the server.`;
    throw new UserError('bad-audio', message, { cause });
  }
}

function partOf(uri: string, range: types.Byterange | undefined, base: string): HlsPart {
  const url = webAddressOf(uri, base);
  return range ? { url, range: { byte: range.offset, length: range.length } } : { url };
}

/**
 * The address with the least data that has audio: a variant without video, an audio rendition of its own, or the variant
 * with the lowest bandwidth.
 */
function chooseVariant({ variants, sessionKeyList }: types.MasterPlaylist, name: string): string {
  const key = sessionKeyList.find(({ method }) => method !== 'NONE');
  if (key) throw encrypted(name, key.method);
  const playable = variants.filter(({ isIFrameOnly }) => !isIFrameOnly);
  const lowest = playable.toSorted((a, b) => a.bandwidth - b.bandwidth);
  const audioOnly = lowest.find(({ codecs, resolution }) => !resolution && isAudioOnly(codecs));
  if (audioOnly?.audio.every(({ uri }) => uri === undefined)) return audioOnly.uri;
  for (const { audio } of lowest) {
    const rendition = audio.find(({ isDefault, uri }) => isDefault && uri) ?? audio.find(({ uri }) => uri);
    if (rendition?.uri !== undefined) return rendition.uri;
  }
  const first = lowest[0]?.uri;
  if (first !== undefined) return first;
  throw new UserError('bad-audio', `${name} is an HLS playlist without a stream: check the address.`);
}

/** RFC 6381: `mp4a` is AAC or MP3; a list without any states nothing. */
const isAudioOnly = (codecs = ''): boolean =>
  codecs.split(',').every((codec) => /^\s*(mp4a|flac|opus|ac-3|ec-3)/i.test(codec));

const encrypted = (name: string, method: string): UserError =>
  new UserError(
    'bad-audio',
    `${name} is encrypted (${method}), which undertone cannot decode: use an address of the station without encryption.`,
  );

/** Stations put titles after the length of a segment, other programs put anything there: only what looks like a title. */
function titleOf(text: string | undefined): TrackTitle | undefined {
  if (!text) return undefined;
  const quoted = (name: string) => new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(text)?.[1];
  const title = quoted('title');
  if (title !== undefined) return trackTitle(title, quoted('artist'));
  return /\S\s+-\s+\S/.test(text) ? trackTitle(text) : undefined;
}
