import { detectType } from './decoder.ts';
import { moovFirst, type RandomAccess, samplesComeFirst } from './moov-first.ts';
import { packetsComeFirst, paktFirst } from './pakt-first.ts';

/**
 * How to bring the bytes of a recording into the order that its decoder needs: index first.
 *
 * @param head the first bytes of the recording
 * @returns undefined if they are in that order already
 */
export function reordering(
  head: Uint8Array,
): ((file: RandomAccess) => AsyncGenerator<Uint8Array, void, undefined>) | undefined {
  if (packetsComeFirst(head)) return paktFirst;
  const type = detectType(head);
  return (type === 'm4a' || type === 'mov') && samplesComeFirst(head) ? moovFirst : undefined;
}
