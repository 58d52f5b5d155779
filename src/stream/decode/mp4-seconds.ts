import { fourCc } from '../../util/bytes.ts';
import { type Box, boxOf, children, descend } from './mp4-boxes.ts';

/**
 * Seconds of the first sound track: its media (`mdhd`), or what an edit list leaves of it (`tkhd`). Undefined for a file
 * of fragments, which states no length.
 *
 * @param moov the body of the box (ISO/IEC 14496-12, 8.2 to 8.4)
 */
export function soundSeconds(moov: Uint8Array): number | undefined {
  const movie = boxOf(moov);
  const header = descend(movie, 'mvhd');
  for (const track of children(movie, 'trak')) {
    const handler = descend(track, 'mdia', 'hdlr');
    if (!handler || handler.bytes.length < 12 || fourCc(handler.bytes, 8) !== 'soun') continue;
    const media = headerTimes(descend(track, 'mdia', 'mdhd'));
    const shown = headerTimes(descend(track, 'tkhd'), 4);
    const scale = headerTimes(header);
    if (!media || media.scale === 0 || media.duration === 0) return undefined;
    const seconds = media.duration / media.scale;
    return shown && scale && scale.scale > 0 && shown.duration > 0
      ? Math.min(seconds, shown.duration / scale.scale)
      : seconds;
  }
  return undefined;
}

/**
 * The time scale and duration of `mvhd` and `mdhd`, and the duration of `tkhd`, which has no time scale but another
 * field before it. Version 1 has 64 bits.
 *
 * @param between bytes before the duration
 */
function headerTimes(box: Box | undefined, between = 0): { scale: number; duration: number } | undefined {
  if (!box) return undefined;
  const { view, bytes } = box;
  if (bytes.length >= 20 + between && view.getUint8(0) === 0)
    return { scale: view.getUint32(12), duration: known(view.getUint32(16 + between), 0xffff_ffff) };
  if (bytes.length < 32 + between) return undefined;
  return { scale: view.getUint32(20), duration: known(Number(view.getBigUint64(24 + between)), 2 ** 64) };
}

/** All ones mean an unknown duration. */
const known = (duration: number, unknown: number): number => (duration >= unknown ? 0 : duration);
