import { fourCc } from '../../util/bytes.ts';

/** The body of a box of MP4 or MOV (ISO/IEC 14496-12, 4.2). */
export interface Box {
  readonly view: DataView;
  readonly bytes: Uint8Array;
}

export function boxOf(bytes: Uint8Array): Box {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** The bodies of the boxes of one type directly inside a box. */
export function* children(box: Box, type: string): Generator<Box> {
  for (let at = 0; at + 8 <= box.bytes.length; ) {
    const size = box.view.getUint32(at);
    if (size < 8 || at + size > box.bytes.length) return;
    if (fourCc(box.bytes, at + 4) === type) yield boxOf(box.bytes.subarray(at + 8, at + size));
    at += size;
  }
}

/** The first box of each type on the way down. */
export function descend(box: Box, ...path: readonly string[]): Box | undefined {
  let here: Box | undefined = box;
  for (const type of path) here = here && children(here, type).next().value;
  return here;
}
