export interface WavLayout {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly encoding: 'u8' | 's16' | 's24' | 's32' | 'f32' | 'f64';
  /** WAVE_FORMAT_EXTENSIBLE, used by files with more than two channels or more than 16 bits. */
  readonly extensible?: boolean;
  /** Size in the header of the data chunk; default: the true size. */
  readonly claimedBytes?: number;
}

const BYTES = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4, f64: 8 } as const;

/** A WAV file of interleaved samples of full scale ±1. */
export function encodeWav(samples: ArrayLike<number>, layout: WavLayout): Buffer {
  const { sampleRateHz, channels, encoding, extensible = false } = layout;
  const width = BYTES[encoding];
  const tag = encoding.startsWith('f') ? 3 : 1;
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRateHz, 4);
  format.writeUInt32LE(sampleRateHz * channels * width, 8);
  format.writeUInt16LE(channels * width, 12);
  format.writeUInt16LE(8 * width, 14);
  if (extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(8 * width, 18);
    format.writeUInt16LE(tag, 24);
  }
  const data = encodeSamples(samples, encoding, width);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(layout.claimedBytes ?? data.length);
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), Buffer.from('data'), size, data]);
  const riff = Buffer.from('RIFF\0\0\0\0', 'latin1');
  riff.writeUInt32LE(Math.min(body.length, 0xffff_ffff), 4);
  return Buffer.concat([riff, body]);
}

export function chunk(name: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length & 1)]);
}

function encodeSamples(samples: ArrayLike<number>, encoding: WavLayout['encoding'], width: number): Buffer {
  const data = Buffer.alloc(samples.length * width);
  const write: Record<WavLayout['encoding'], (value: number, at: number) => void> = {
    u8: (value, at) => data.writeUInt8(Math.round(value * 128) + 128, at),
    s16: (value, at) => data.writeInt16LE(Math.round(value * 32768), at),
    s24: (value, at) => data.writeIntLE(Math.round(value * 8388608), at, 3),
    s32: (value, at) => data.writeInt32LE(Math.round(value * 2147483648), at),
    f32: (value, at) => data.writeFloatLE(value, at),
    f64: (value, at) => data.writeDoubleLE(value, at),
  };
  for (let i = 0; i < samples.length; i++) write[encoding](samples[i]!, i * width);
  return data;
}
