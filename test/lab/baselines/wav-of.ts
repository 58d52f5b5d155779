import { writeFile } from 'node:fs/promises';

const RATE_HZ = 44_100;

/** Writes a WAV file with a sawtooth tone. */
export async function wavOf(path: string, seconds: number): Promise<void> {
  const samples = Math.round(RATE_HZ * seconds);
  const bytes = Buffer.alloc(44 + 2 * samples);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + 2 * samples, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE_HZ, 24);
  bytes.writeUInt32LE(2 * RATE_HZ, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * samples, 40);
  for (let i = 0; i < samples; i++) bytes.writeInt16LE(((i * 220) % RATE_HZ) / 4 - 5_000, 44 + 2 * i);
  await writeFile(path, bytes);
}
