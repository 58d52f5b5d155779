import { ByteBuffer, fourCc } from '../../util/bytes.ts';
import type { ContainerEnd } from './decoder.ts';
import { frameCount } from './frame-count.ts';
import { statedLength } from './stated-length.ts';

/** Formats that do not state their length (MP3, ADTS AAC) are never reported as truncated. */
export function containerEnd(type: string): ContainerEnd {
  if (type === 'm4a' || type === 'mp4' || type === 'mov') return new ChunkWalk(8, mp4BoxBytes);
  if (type === 'aiff') return new ChunkWalk(12, aiffBytes);
  return statedLength(type) ?? frameCount(type) ?? { push: () => {}, truncated: () => false };
}

/** Bytes of the unit that starts with `head`; undefined if more of the head is needed, NaN if it is no such unit. */
type UnitBytes = (head: Uint8Array) => number | undefined;

/** A container of units that state their own length: it is truncated if it ends within a unit. */
class ChunkWalk implements ContainerEnd {
  readonly #headBytes: number;
  readonly #unitBytes: UnitBytes;
  readonly #head = new ByteBuffer();
  #owed = 0;
  #lost = false;

  constructor(headBytes: number, unitBytes: UnitBytes) {
    this.#headBytes = headBytes;
    this.#unitBytes = unitBytes;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.#lost) {
      const passed = Math.min(this.#owed, bytes.length - at);
      this.#owed -= passed;
      at += passed;
      if (at === bytes.length) return;
      this.#head.push(bytes.subarray(at));
      at = bytes.length;
      while (this.#owed === 0 && this.#head.length >= this.#headBytes && !this.#lost) {
        const unit = this.#unitBytes(this.#head.peek(this.#head.length)!);
        if (unit === undefined) return;
        // Damage in the middle is not truncation: the decoder resynchronizes.
        this.#lost = !(unit > 0);
        if (!this.#lost) this.#owed = unit - this.#head.skip(unit);
      }
    }
  }

  truncated(): boolean {
    return !this.#lost && Number.isFinite(this.#owed) && this.#owed > 0;
  }
}

function mp4BoxBytes(head: Uint8Array): number | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const size = view.getUint32(0);
  if (size === 0) return Number.POSITIVE_INFINITY;
  if (size === 1) return head.length < 16 ? undefined : Number(view.getBigUint64(8));
  return size >= 8 ? size : Number.NaN;
}

function aiffBytes(head: Uint8Array): number {
  if (fourCc(head, 0) !== 'FORM') return Number.NaN;
  return 8 + new DataView(head.buffer, head.byteOffset, head.length).getUint32(4);
}
