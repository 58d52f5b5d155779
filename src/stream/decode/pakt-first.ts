import { fourCc } from '../../util/bytes.ts';
import { type RandomAccess, readRange } from './moov-first.ts';

/**
 * The bytes of a CAF with its packet table (`pakt`) moved before the samples (`data`). The table is needed first, but
 * writers know it last.
 */
export async function* paktFirst(file: RandomAccess): AsyncGenerator<Uint8Array, void, undefined> {
  let data: number | undefined;
  for (let at = 8; at + 12 <= file.size; ) {
    const head = await file.read(at, 12);
    const chunk = chunkAt(head, 0);
    if (!chunk || chunk.size < 0) break;
    if (chunk.name === 'data') data = at;
    const end = at + 12 + chunk.size;
    if (chunk.name === 'pakt' && data !== undefined) {
      yield* readRange(file, 0, data);
      yield* readRange(file, at, end);
      yield* readRange(file, data, at);
      yield* readRange(file, end, file.size);
      return;
    }
    at = end;
  }
  yield* readRange(file, 0, file.size);
}

/** Whether `head`, the first bytes of a recording, is a CAF whose packets come before the table of their sizes. */
export function packetsComeFirst(head: Uint8Array): boolean {
  if (head.length < 8 || fourCc(head, 0) !== 'caff') return false;
  let tableNeeded = false;
  for (let at = 8; ; ) {
    const chunk = chunkAt(head, at);
    if (!chunk || chunk.size < 0 || chunk.name === 'pakt') return false;
    if (chunk.name === 'data') return tableNeeded;
    // A packet size of 0 in the description: packets differ.
    if (chunk.name === 'desc' && at + 44 <= head.length)
      tableNeeded = new DataView(head.buffer, head.byteOffset).getUint32(at + 12 + 16) === 0;
    at += 12 + chunk.size;
  }
}

function chunkAt(bytes: Uint8Array, at: number): { name: string; size: number } | undefined {
  if (at + 12 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { name: fourCc(bytes, at), size: Number(view.getBigInt64(at + 4)) };
}
