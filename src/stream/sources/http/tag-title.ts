import { peekBytes } from '../../../util/bytes.ts';
import { id3Title } from '../../decode/id3-title.ts';
import { id3v2Bytes } from '../../decode/tags.ts';
import type { NextTitle } from '../../track-title.ts';

const HEADER_BYTES = 10;
/** No more of a tag is read ahead of its audio: what is longer is a picture, which follows the texts. */
const MAX_TAG_BYTES = 65_536;

/** The bytes of a file, whose title is that of the ID3v2 tag at its start. */
export async function withTagTitle(
  bytes: AsyncIterable<Uint8Array>,
  titles: NextTitle,
): Promise<AsyncIterable<Uint8Array>> {
  const start = await peekBytes(bytes, HEADER_BYTES);
  const length = id3v2Bytes(start.head);
  if (length === 0) return start.all;
  const { head, all } = await peekBytes(start.all, Math.min(length, MAX_TAG_BYTES));
  const track = id3Title(head);
  if (track?.title) titles.set(track);
  return all;
}
