import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { damaged } from './damaged.ts';

/** Small whole numbers that stay the same for long: each with how often it comes in a row. */
export function writeRuns(out: BitWriter, values: ArrayLike<number>): void {
  for (let start = 0; start < values.length; ) {
    let end = start + 1;
    while (end < values.length && values[end] === values[start]) end++;
    out.varint(values[start]!);
    out.varint(end - start);
    start = end;
  }
}

export function readRuns(input: BitReader, count: number): Uint16Array {
  const values = new Uint16Array(count);
  for (let start = 0; start < count; ) {
    const value = input.varint();
    const end = start + input.varint();
    if (end === start || end > count) throw damaged('a run in a block has no length that fits');
    values.fill(value, start, end);
    start = end;
  }
  return values;
}
