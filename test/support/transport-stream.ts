const PACKET_BYTES = 188;
const PMT_PID = 0x1000;
export const AUDIO_PID = 0x100;
export const TITLE_PID = 0x101;

/** One packet for a PES packet or table; the rest of the payload goes into further packets. */
function packets(pid: number, payload: Uint8Array): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < payload.length; ) {
    const size = Math.min(PACKET_BYTES - 4, payload.length - at);
    const stuffing = PACKET_BYTES - 4 - size;
    const packet = Buffer.alloc(PACKET_BYTES, 0xff);
    packet.writeUInt8(0x47, 0);
    packet.writeUInt16BE((at === 0 ? 0x4000 : 0) | pid, 1);
    packet.writeUInt8(stuffing > 0 ? 0x30 : 0x10, 3);
    if (stuffing > 0) packet.writeUInt8(stuffing - 1, 4);
    if (stuffing > 1) packet.writeUInt8(0, 5);
    packet.set(payload.subarray(at, at + size), PACKET_BYTES - size);
    all.push(packet);
    at += size;
  }
  return all;
}

function section(tableId: number, body: readonly number[]): Buffer {
  const length = 5 + body.length + 4;
  return Buffer.from([0, tableId, 0xb0, length, 0, 1, 0xc1, 0, 0, ...body, 0, 0, 0, 0]);
}

const pid = (value: number) => [0xe0 | (value >> 8), value & 0xff];

/** An MPEG transport stream of PES packets; enough of one for a demuxer. @param type of the audio stream */
export function transportStream(
  pes: readonly { readonly pid: number; readonly payload: Uint8Array }[],
  type = 0x0f,
): Buffer {
  const pat = section(0, [0, 0, ...pid(0x10), 0, 1, ...pid(PMT_PID)]);
  const streams = [
    0x1b,
    ...pid(0x102),
    0xf0,
    0,
    type,
    ...pid(AUDIO_PID),
    0xf0,
    0,
    0x15,
    ...pid(TITLE_PID),
    0xf0,
    0,
  ];
  const pmt = section(2, [...pid(AUDIO_PID), 0xf0, 0, ...streams]);
  const header = Buffer.from([0, 0, 1, 0xc0, 0, 0, 0x80, 0x80, 5, 0x21, 0, 1, 0, 1]);
  return Buffer.concat([
    ...packets(0, pat),
    ...packets(PMT_PID, pmt),
    ...packets(0x102, Buffer.alloc(300, 7)), // Video, to be ignored.
    ...pes.flatMap(({ pid, payload }) => packets(pid, Buffer.concat([header, payload]))),
  ]);
}
