import type { BlockInfo, BlockStore } from '../block-store.ts';
import { type NewBlock, packBlock } from '../block-store.ts';
import type { TimeRange } from '../time-range.ts';

/** What is left of a block where only some ranges of time stay: a block for each range that has frames in it. */
export function trimBlock(
  blocks: BlockStore,
  { id, run }: BlockInfo,
  stays: readonly TimeRange[],
): NewBlock[] {
  const frames = blocks.frames(id);
  // A frame in two ranges goes with the first.
  const rangeOf = (time: string) => {
    const ms = Date.parse(time);
    return stays.findIndex(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
  };
  const parts: NewBlock[] = [];
  for (let start = 0; start < frames.length; ) {
    const range = rangeOf(frames[start]!.time);
    let end = start + 1;
    while (end < frames.length && rangeOf(frames[end]!.time) === range) end++;
    if (range >= 0) parts.push(packBlock(run, frames.slice(start, end)));
    start = end;
  }
  return parts;
}
