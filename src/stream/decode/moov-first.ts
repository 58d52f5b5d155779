import { UserError } from '../../user-error.ts';
import { fourCc } from '../../util/bytes.ts';

/** Bytes with random access: a file, or the collected bytes of a pipe. */
export interface RandomAccess {
  readonly size: number;
  read(at: number, length: number): Promise<Uint8Array>;
}

const READ_BYTES = 65_536;
/** An index of a day of audio has about 40 MB. */
const MAX_INDEX_BYTES = 256 * 2 ** 20;

/**
 * The bytes of an MP4 with its index (`moov`) moved before the samples (`mdat`), and the chunk offsets in the index
 * corrected. A decoder needs the index first, but most recorders write it last; without this, the whole recording
 * would be held in memory and decoded in one go.
 */
export async function* moovFirst(file: RandomAccess): AsyncGenerator<Uint8Array, void, undefined> {
  const boxes = await topLevelBoxes(file);
  const moov = boxes.find((box) => box.type === 'moov');
  const mdat = boxes.find((box) => box.type === 'mdat');
  if (!moov || !mdat || moov.at < mdat.at) {
    yield* readRange(file, 0, file.size);
    return;
  }
  if (moov.size > MAX_INDEX_BYTES) {
    throw new UserError(
      'bad-audio',
      'The MP4 file is damaged: its index is larger than any recording needs.',
    );
  }
  const index = Uint8Array.from(await file.read(moov.at, moov.size));
  moveOffsets(index, 0, index.length, { from: mdat.at, to: moov.at, by: moov.size });
  yield* readRange(file, 0, mdat.at);
  yield index;
  yield* readRange(file, mdat.at, moov.at);
  yield* readRange(file, moov.at + moov.size, file.size);
}

/** Whether `head`, the first bytes of an MP4, shows that the samples come before the index. */
export function samplesComeFirst(head: Uint8Array): boolean {
  for (let at = 0; at + 8 <= head.length; ) {
    const type = fourCc(head, at + 4);
    if (type === 'mdat') return true;
    if (type === 'moov' || type === 'moof') return false;
    const size = new DataView(head.buffer, head.byteOffset + at, 4).getUint32(0);
    if (size < 8) return false;
    at += size;
  }
  return false;
}

interface Box {
  readonly type: string;
  readonly at: number;
  readonly size: number;
}

async function topLevelBoxes(file: RandomAccess): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= file.size; ) {
    const head = await file.read(at, 16);
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const short = view.getUint32(0);
    const long = short === 1 && head.length === 16 ? Number(view.getBigUint64(8)) : short;
    const size = long === 0 ? file.size - at : long;
    // Truncated or damaged: the bytes are passed on in their order.
    if (size < 8 || at + size > file.size) break;
    boxes.push({ type: fourCc(head, 4), at, size });
    at += size;
  }
  return boxes;
}

/** Reads a range in pieces. */
export async function* readRange(file: RandomAccess, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; ) {
    const bytes = await file.read(at, Math.min(READ_BYTES, to - at));
    if (bytes.length === 0) return;
    yield bytes;
    at += bytes.length;
  }
}

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);

/** Adds `by` to every chunk offset that points between `from` and `to`, in place. */
function moveOffsets(
  box: Uint8Array,
  start: number,
  end: number,
  move: { from: number; to: number; by: number },
): void {
  const view = new DataView(box.buffer, box.byteOffset, box.length);
  for (let at = start; at + 8 <= end; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > end) return;
    const type = fourCc(box, at + 4);
    if (CONTAINERS.has(type)) moveOffsets(box, at + 8, at + size, move);
    if (type === 'stco' || type === 'co64') {
      const width = type === 'stco' ? 4 : 8;
      const count = Math.min(view.getUint32(at + 12), Math.floor((size - 16) / width));
      for (let i = 0, entry = at + 16; i < count; i++, entry += width) {
        const offset = width === 4 ? view.getUint32(entry) : Number(view.getBigUint64(entry));
        if (offset < move.from || offset >= move.to) continue;
        if (width === 4) view.setUint32(entry, offset + move.by);
        else view.setBigUint64(entry, BigInt(offset + move.by));
      }
    }
    at += size;
  }
}
