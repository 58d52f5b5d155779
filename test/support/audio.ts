import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** 16-bit little-endian mono PCM as samples of full scale ±1. */
export function readS16(path: string): Float32Array {
  const bytes = readFileSync(path);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i) / 32768);
}

export function readF32(path: string): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const LENA = 'node_modules/audio-lena';

/** A singing voice, 12.3 s, 44.1 kHz mono (MIT license), in most of the formats there are. */
export function lenaFile(extension: string): string {
  return join(LENA, `lena.${extension}`);
}

export function readLena(): Float32Array {
  return readS16(lenaFile('wav')).subarray(22);
}

/** A sine. */
export function sine(hz: number, seconds: number, sampleRateHz: number, amplitude = 0.5): Float32Array {
  const step = (2 * Math.PI * hz) / sampleRateHz;
  return Float32Array.from(
    { length: Math.round(seconds * sampleRateHz) },
    (_, i) => amplitude * Math.sin(step * i),
  );
}

/** Cuts samples into chunks of lengths that look random but are the same on every run. */
export function* cut(
  samples: Float32Array,
  channels: number,
  longest: number,
  seed = 1,
): Generator<Float32Array> {
  let random = seed;
  for (let at = 0; at < samples.length; ) {
    random = (random * 48271) % 2147483647;
    const length = channels * (1 + (random % longest));
    yield samples.subarray(at, at + length);
    at += length;
  }
}

export function concat(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
