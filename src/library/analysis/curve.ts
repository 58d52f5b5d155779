import { type EmotionFrame, STEP_SECONDS } from '../../types.ts';
import type { Point } from '../answers.ts';

/** Valence and arousal of every step of a recording; NaN where it has no music. */
export interface Curve {
  readonly valence: Float32Array;
  readonly arousal: Float32Array;
}

export function curveOf(frames: readonly EmotionFrame[]): Curve {
  const length = frames.length === 0 ? 0 : Math.round(frames.at(-1)!.t / STEP_SECONDS);
  const curve = { valence: new Float32Array(length).fill(NaN), arousal: new Float32Array(length).fill(NaN) };
  for (const { t, valence, arousal } of frames) {
    if (valence === null || arousal === null) continue;
    const step = Math.round(t / STEP_SECONDS) - 1;
    curve.valence[step] = valence;
    curve.arousal[step] = arousal;
  }
  return curve;
}

/** Units of the stored numbers: the four decimals of a frame. */
const UNIT = 1e-4;
const NO_MUSIC = -32_768;

/** [steps, 2] little-endian 16-bit integers in units of 10⁻⁴: 4 bytes a step, 2 kB for four minutes. */
export function encodeCurve({ valence, arousal }: Curve): Buffer {
  const bytes = Buffer.alloc(4 * valence.length);
  const write = (value: number, at: number) =>
    bytes.writeInt16LE(Number.isNaN(value) ? NO_MUSIC : Math.round(value / UNIT), at);
  for (let i = 0; i < valence.length; i++) {
    write(valence[i]!, 4 * i);
    write(arousal[i]!, 4 * i + 2);
  }
  return bytes;
}

export function decodeCurve(bytes: Buffer): Curve {
  const length = Math.floor(bytes.length / 4);
  const read = (at: number) => {
    const value = bytes.readInt16LE(at);
    return value === NO_MUSIC ? Number.NaN : value * UNIT;
  };
  return {
    valence: Float32Array.from({ length }, (_, i) => read(4 * i)),
    arousal: Float32Array.from({ length }, (_, i) => read(4 * i + 2)),
  };
}

/**
 * The music of a curve in `count` equal parts, each the mean of its steps. Empty without music.
 */
export function partsOf({ valence, arousal }: Curve, count: number): Point[] {
  const music = Array.from(valence.keys()).filter((i) => !Number.isNaN(valence[i]!));
  if (music.length === 0) return [];
  return Array.from({ length: count }, (_, part) => {
    const from = Math.floor((part * music.length) / count);
    const to = Math.max(from + 1, Math.floor(((part + 1) * music.length) / count));
    const steps = music.slice(from, to);
    const mean = (axis: Float32Array) => steps.reduce((sum, i) => sum + axis[i]!, 0) / steps.length;
    return { valence: mean(valence), arousal: mean(arousal) };
  });
}
