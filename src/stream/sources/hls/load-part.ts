import { UserError } from '../../../user-error.ts';
import { withoutSecrets } from '../../../util/without-secrets.ts';
import { type FetchOptions, fetchAudio } from '../http/fetch-audio.ts';
import type { HlsPart } from './hls-playlist.ts';

/** Four minutes of audio at 320 kbit/s, or 10 s of video. */
const MAX_SEGMENT_BYTES = 16 * 2 ** 20;
const MAX_PLAYLIST_BYTES = 2 ** 20;

/** @throws UserError those of `fetchAudio`, `bad-audio` if it is too large */
export async function loadSegment({ url, range }: HlsPart, options: FetchOptions): Promise<Uint8Array> {
  return (await load(url, MAX_SEGMENT_BYTES, { ...options, from: range })).bytes;
}

/**
 * A playlist, and its address after redirects, which it refers to.
 *
 * @throws UserError those of `fetchAudio`, `bad-audio` if it is too large
 */
export async function loadPlaylist(
  url: string,
  options: FetchOptions,
): Promise<{ readonly text: string; readonly address: string }> {
  const { bytes, address } = await load(url, MAX_PLAYLIST_BYTES, options);
  return { text: new TextDecoder().decode(bytes), address };
}

async function load(url: string, maxBytes: number, options: FetchOptions) {
  const { from } = options;
  const { bytes, isPart, address } = await fetchAudio(url, options);
  const parts: Uint8Array[] = [];
  let size = 0;
  // A server that does not know ranges sends the whole file.
  const before = from && !isPart ? from.byte : 0;
  for await (const part of bytes) {
    parts.push(part);
    size += part.length;
    if (from?.length !== undefined && size >= before + from.length) break;
    if (size > maxBytes) {
      const name = withoutSecrets(url);
      const message = `${name} is larger than ${maxBytes / 2 ** 20} MB: expected a part of an HLS stream; check the address.`;
      throw new UserError('bad-audio', message);
    }
  }
  const whole = Buffer.concat(parts);
  return { bytes: from ? whole.subarray(before, before + (from.length ?? size)) : whole, address };
}
