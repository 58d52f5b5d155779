import type { Random } from '../train/random.ts';
import { MATERIAL_HZ } from './material.ts';

/** The effects of a line, a room or a codec on audio. An absent field has no effect. */
export interface Channel {
  /** Lower edge of the pass band in Hz, fourth order. */
  readonly lowCutHz?: number;
  /** Upper edge of the pass band in Hz, fourth order. */
  readonly highCutHz?: number;
  /** Reverberation time: seconds until the impulse response has decayed by 60 dB. */
  readonly reverbSeconds?: number;
  /** Energy of the reverberation relative to the direct sound. */
  readonly reverbRatio?: number;
  /** Compression as in broadcasting: differences from the mean level shrink to this share of their dB. */
  readonly compression?: number;
  /** Signal-to-noise ratio in dB. */
  readonly noiseDb?: number;
  /** Fall of the noise's power in dB per octave: 0 white, 3 pink, 6 brown. */
  readonly noiseSlope?: 0 | 3 | 6;
  /** Quantization to 8-bit µ-law, as on telephone lines. */
  readonly muLaw?: boolean;
  /** Active level (see `activeLevel`) in dB of full scale. */
  readonly levelDb: number;
}

/** Draws a channel. Speech and music have the same distribution, so that the channel does not reveal the kind. */
export function randomChannel(random: Random): Channel {
  const telephone = random.chance(0.15);
  return {
    ...(telephone
      ? { lowCutHz: random.between(200, 350), highCutHz: random.between(3200, 3800) }
      : {
          ...(random.chance(0.2) && { lowCutHz: random.between(60, 250) }),
          ...(random.chance(0.35) && { highCutHz: random.between(2800, 7500) }),
        }),
    ...(random.chance(0.35) && {
      reverbSeconds: random.between(0.15, 1.2),
      reverbRatio: 10 ** random.between(-1.5, 0.5),
    }),
    ...(random.chance(0.25) && { compression: random.between(0.3, 0.8) }),
    ...(random.chance(0.5) && {
      noiseDb: random.between(5, 45),
      noiseSlope: ([0, 3, 6] as const)[random.below(3)]!,
    }),
    muLaw: random.chance(telephone ? 0.6 : 0.05),
    levelDb: random.between(-38, -12),
  };
}

/** Applies a channel to audio, in place. */
export function transmit(samples: Float32Array, channel: Channel, random: Random): void {
  const { reverbSeconds, reverbRatio, compression, lowCutHz, highCutHz, noiseDb, noiseSlope } = channel;
  scaleTo(samples, -20);
  if (reverbSeconds && reverbRatio) reverberate(samples, reverbSeconds, reverbRatio, random);
  if (noiseDb !== undefined) addNoise(samples, -20 - noiseDb, noiseSlope ?? 0, random);
  if (compression) compress(samples, compression);
  if (lowCutHz) cut(samples, lowCutHz, 'high-pass');
  if (highCutHz) cut(samples, highCutHz, 'low-pass');
  scaleTo(samples, -20);
  if (channel.muLaw) quantizeMuLaw(samples);
  scaleTo(samples, channel.levelDb);
}

const BLOCK = MATERIAL_HZ / 50;

/** Root mean square over the blocks of 20 ms within 30 dB of the loudest one, which excludes pauses. */
export function activeLevel(samples: Float32Array): number {
  const energies: number[] = [];
  for (let at = 0; at + BLOCK <= samples.length; at += BLOCK) {
    let sum = 0;
    for (let i = at; i < at + BLOCK; i++) sum += samples[i]! ** 2;
    energies.push(sum / BLOCK);
  }
  const limit = 1e-3 * energies.reduce((a, b) => Math.max(a, b), 0);
  const active = energies.filter((energy) => energy >= limit);
  return Math.sqrt(active.reduce((a, b) => a + b, 0) / Math.max(1, active.length));
}

function scaleTo(samples: Float32Array, levelDb: number): void {
  const gain = 10 ** (levelDb / 20) / Math.max(1e-9, activeLevel(samples));
  for (let i = 0; i < samples.length; i++) samples[i]! *= gain;
}

/** Adds echoes at random times with a decaying envelope (velvet noise), which has a flat spectrum. */
function reverberate(samples: Float32Array, seconds: number, ratio: number, random: Random): void {
  const echoes = Math.ceil(600 * Math.min(seconds, 0.8));
  const taps = Array.from({ length: echoes }, (_, i) => {
    const time = 0.004 + ((i + random.next()) / echoes) * Math.min(seconds, 0.8);
    const gain = 10 ** ((-3 * time) / seconds) * (random.chance(0.5) ? 1 : -1);
    return { delay: Math.round(time * MATERIAL_HZ), gain };
  });
  const energy = taps.reduce((sum, { gain }) => sum + gain ** 2, 0);
  const dry = samples.slice();
  for (const { delay, gain } of taps) {
    const scaled = gain * Math.sqrt(ratio / energy);
    for (let i = delay; i < samples.length; i++) samples[i]! += scaled * dry[i - delay]!;
  }
}

function addNoise(samples: Float32Array, levelDb: number, slope: 0 | 3 | 6, random: Random): void {
  const noise = new Float32Array(samples.length);
  // Kellet's filter with three poles falls by 3 dB per octave, a single pole by 6.
  let [a, b, c, brown] = [0, 0, 0, 0];
  for (let i = 0; i < noise.length; i++) {
    const white = 2 * random.next() - 1;
    a = 0.99765 * a + white * 0.099046;
    b = 0.963 * b + white * 0.2965164;
    c = 0.57 * c + white * 1.0526913;
    brown = 0.98 * brown + white;
    noise[i] = slope === 0 ? white : slope === 3 ? a + b + c + white * 0.1848 : brown;
  }
  scaleTo(noise, levelDb);
  for (let i = 0; i < noise.length; i++) samples[i]! += noise[i]!;
}

/** Reduces differences from the mean level; the level follows within tens of milliseconds. */
function compress(samples: Float32Array, share: number): void {
  const target = activeLevel(samples);
  let level = target;
  for (let i = 0; i < samples.length; i++) {
    const now = Math.abs(samples[i]!) * 1.25;
    level += (now - level) * (now > level ? 0.004 : 0.0003);
    const gain = (Math.max(level, 0.03 * target) / target) ** (share - 1);
    samples[i]! *= Math.min(8, gain);
  }
}

/** Two Butterworth sections in series. */
function cut(samples: Float32Array, hz: number, type: 'low-pass' | 'high-pass'): void {
  const w = (2 * Math.PI * Math.min(hz, 0.49 * MATERIAL_HZ)) / MATERIAL_HZ;
  for (const q of [0.5412, 1.3066]) {
    const alpha = Math.sin(w) / (2 * q);
    const edge = type === 'low-pass' ? 1 - Math.cos(w) : 1 + Math.cos(w);
    const scale = 1 / (1 + alpha);
    const b0 = (edge / 2) * scale;
    const b1 = (type === 'low-pass' ? edge : -edge) * scale;
    const a1 = -2 * Math.cos(w) * scale;
    const a2 = (1 - alpha) * scale;
    let [s1, s2] = [0, 0];
    for (let i = 0; i < samples.length; i++) {
      const x = samples[i]!;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b0 * x - a2 * y;
      samples[i] = y;
    }
  }
}

const MU = 255;

function quantizeMuLaw(samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    const x = Math.max(-1, Math.min(1, samples[i]!));
    const code = Math.round((127 * Math.log1p(MU * Math.abs(x))) / Math.log1p(MU));
    samples[i] = (Math.sign(x) * Math.expm1((code / 127) * Math.log1p(MU))) / MU;
  }
}
