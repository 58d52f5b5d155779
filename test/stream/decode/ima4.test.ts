import { describe, expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { caf, data, desc } from '../../support/caf.ts';
import { collect, inPieces, sameSamples } from '../../support/collect.ts';

const decode = (bytes: Uint8Array, size = 65_536) => collect(decodeStream(inPieces(bytes, size)));

const CHANNELS = 2;
const PACKETS = 60;

/** Packets of random codes whose headers are right, and the samples that the formula of the IMA gives for them. */
function randomPackets(): { packets: Buffer; samples: Float32Array } {
  const packets = Buffer.alloc(PACKETS * CHANNELS * 34);
  const samples = new Float32Array(PACKETS * CHANNELS * 64);
  let random = 7;
  for (let c = 0; c < CHANNELS; c++) {
    let [predictor, step] = [0, 30];
    for (let p = 0; p < PACKETS; p++) {
      const at = (p * CHANNELS + c) * 34;
      packets.writeUInt16BE((predictor & 0xff80) | step, at);
      for (let i = 0; i < 64; i++) {
        random = (random * 48_271) % 2_147_483_647;
        // Toward 0, so that the predictor is not clipped all the time.
        const code = (random % 7) | (predictor > 0 ? 8 : 0);
        packets[at + 2 + (i >> 1)]! |= i % 2 === 0 ? code : code << 4;
        const size = STEPS[step]!;
        let change = size >> 3;
        for (let bit = 0; bit < 3; bit++) if (code & (1 << bit)) change += size >> (2 - bit);
        predictor = Math.max(-32_768, Math.min(32_767, predictor + (code & 8 ? -change : change)));
        step = Math.max(0, Math.min(88, step + [-1, -1, -1, -1, 2, 4, 6, 8][code & 7]!));
        samples[(p * 64 + i) * CHANNELS + c] = predictor / 32_768;
      }
    }
  }
  return { packets, samples };
}

/** The steps of the IMA: from 7 on each is 1.1 times the one before it. */
const STEPS = (
  '7 8 9 10 11 12 13 14 16 17 19 21 23 25 28 31 34 37 41 45 50 55 60 66 73 80 88 97 107 118 130 143 157 173 190 209 ' +
  '230 253 279 307 337 371 408 449 494 544 598 658 724 796 876 963 1060 1166 1282 1411 1552 1707 1878 2066 2272 2499 ' +
  '2749 3024 3327 3660 4026 4428 4871 5358 5894 6484 7132 7845 8630 9493 10442 11487 12635 13899 15289 16818 18500 ' +
  '20350 22385 24623 27086 29794 32767'
)
  .split(' ')
  .map(Number);

function aiffChunk(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length & 1)]);
}

function aiffC(packets: Buffer): Buffer {
  const comm = Buffer.alloc(24);
  comm.writeUInt16BE(CHANNELS);
  comm.writeUInt32BE(PACKETS, 2);
  comm.writeUInt16BE(16, 6);
  // 44,100 Hz as an 80-bit number: 44,100 · 2^48 with exponent 15.
  comm.set([0x40, 0x0e, 0xac, 0x44], 8);
  comm.write('ima4', 18, 'latin1');
  const body = [aiffChunk('COMM', comm), aiffChunk('SSND', Buffer.concat([Buffer.alloc(8), packets]))];
  return aiffChunk('FORM', Buffer.concat([Buffer.from('AIFC'), ...body]));
}

const box = (name: string, ...bodies: Buffer[]) => {
  const body = Buffer.concat(bodies);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, body]);
};

const words = (...values: number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
};

/** @param countsBytes as QuickTime writes it: samples of one byte, 64 per packet; else packets of 68 bytes */
function mov(packets: Buffer, countsBytes: boolean): Buffer {
  const entry = Buffer.alloc(28);
  entry.writeUInt16BE(1, 6);
  entry.writeUInt16BE(CHANNELS, 16);
  entry.writeUInt16BE(16, 18);
  entry.writeUInt16BE(44_100, 24);
  const unit = countsBytes ? 64 : 1;
  const first = 10;
  // Two chunks, of 10 and 50 packets, with other bytes between them.
  const start = 8 + 12;
  const table = box(
    'stbl',
    box('stsd', words(0, 1), box('ima4', entry)),
    box('stsz', words(0, countsBytes ? 1 : 68, PACKETS * unit)),
    box('stsc', words(0, 2, 1, first * unit, 1, 2, (PACKETS - first) * unit, 1)),
    box('stco', words(0, 2, start, start + first * 68 + 77)),
  );
  const moov = box('moov', box('trak', box('mdia', box('minf', table))));
  const audio = [packets.subarray(0, first * 68), Buffer.alloc(77, 0xee), packets.subarray(first * 68)];
  return Buffer.concat([box('ftyp', Buffer.from('qt  ')), box('mdat', ...audio), moov]);
}

describe('IMA 4:1', () => {
  const { packets, samples } = randomPackets();

  it.each([
    ['AIFF-C', aiffC(packets)],
    ['MOV that counts samples', mov(packets, true)],
    ['MOV that counts packets', mov(packets, false)],
    [
      'CAF',
      caf(
        desc('ima4', { sampleRateHz: 44_100, channels: CHANNELS, packetBytes: 68, packetSamples: 64 }),
        data([packets]),
      ),
    ],
  ])('is decoded exactly in %s, wherever its bytes are cut', async (_, bytes) => {
    for (const size of [61, 1000, 65_536]) {
      const audio = await decode(bytes, size);
      expect(audio).toMatchObject({ sampleRateHz: 44_100, channels: CHANNELS });
      expect(sameSamples(audio.samples, samples)).toBe(true);
    }
  });

  it('follows the header of a packet that contradicts the samples before it', async () => {
    const moved = Buffer.from(packets);
    const at = 20 * 68;
    moved.writeUInt16BE(moved.readUInt16BE(at) ^ 0x4000, at);
    const audio = await decode(aiffC(moved));
    const first = 20 * 64 * CHANNELS;
    expect(sameSamples(audio.samples.subarray(0, first), samples.subarray(0, first))).toBe(true);
    expect(Math.abs(audio.samples[first]! - samples[first]!)).toBeGreaterThan(0.25);
  });

  it.each([
    ['AIFF-C', aiffC(packets)],
    ['MOV', mov(packets, true)],
  ])('reports a missing end of %s', async (_, bytes) => {
    // The index of the MOV is moved to the front, so that only samples are missing.
    const index = bytes.indexOf('moov');
    const whole = index < 0 ? bytes : bytes.subarray(0, index - 4);
    const cut = whole.subarray(0, whole.length - 200);
    await expect(decode(cut)).rejects.toMatchObject({ name: 'UserError' });
  });
});
