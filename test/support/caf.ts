/** A CAF file out of its chunks, in this order. */
export function caf(...chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from('caff\0\x01\0\0', 'latin1'), ...chunks]);
}

/** @param size what the chunk claims; -1 for "to the end" */
export function cafChunk(name: string, body: Uint8Array, size = body.length): Buffer {
  const head = Buffer.alloc(12);
  head.write(name, 'latin1');
  head.writeBigInt64BE(BigInt(size), 4);
  return Buffer.concat([head, body]);
}

export function desc(
  format: string,
  layout: {
    sampleRateHz: number;
    channels: number;
    packetBytes?: number;
    packetSamples?: number;
    bits?: number;
    /** Of `lpcm`: 1 for float, 2 for little-endian. */
    flags?: number;
  },
): Buffer {
  const body = Buffer.alloc(32);
  body.writeDoubleBE(layout.sampleRateHz);
  body.write(format.padEnd(4), 8, 'latin1');
  body.writeUInt32BE(layout.flags ?? 0, 12);
  body.writeUInt32BE(layout.packetBytes ?? 0, 16);
  body.writeUInt32BE(layout.packetSamples ?? 0, 20);
  body.writeUInt32BE(layout.channels, 24);
  body.writeUInt32BE(layout.bits ?? 0, 28);
  return cafChunk('desc', body);
}

/** The table of packets that differ in size. */
export function pakt(packets: readonly Uint8Array[], valid = 0, priming = 0): Buffer {
  const head = Buffer.alloc(24);
  head.writeBigInt64BE(BigInt(packets.length));
  head.writeBigInt64BE(BigInt(valid), 8);
  head.writeInt32BE(priming, 16);
  const sizes = packets.flatMap(({ length }) =>
    length < 128 ? [length] : length < 16_384 ? [128 | (length >> 7), length & 127] : tooLarge(length),
  );
  return cafChunk('pakt', Buffer.concat([head, Buffer.from(sizes)]));
}

function tooLarge(length: number): never {
  throw new RangeError(`A packet of ${length} bytes does not fit two bytes of the table.`);
}

export function data(packets: readonly Uint8Array[], size?: number): Buffer {
  return cafChunk('data', Buffer.concat([Buffer.alloc(4), ...packets]), size);
}
