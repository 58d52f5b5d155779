export const WAV_HEADER_BYTES = 44;

export interface WavFormat {
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** The header of a WAV file with so many bytes of 16-bit PCM. */
export function wavHeader(bytes: number, { sampleRateHz, channels }: WavFormat): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + bytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(2 * channels * sampleRateHz, 28);
  header.writeUInt16LE(2 * channels, 32);
  header.writeUInt16LE(16, 34); // bits
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(bytes, 40);
  return header;
}
