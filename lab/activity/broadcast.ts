import type { Random } from '../train/random.ts';
import { activeLevel } from './channel.ts';
import { MATERIAL_HZ, type Material } from './material.ts';

/*
 * Stretches of speech and of music as in a broadcast, made of short recordings. All mono at MATERIAL_HZ.
 */

/** Continuous speech of one voice: its recordings one after another with natural pauses. */
export function speechStretch(voice: Material, seconds: number, random: Random): Float32Array {
  const out = new Float32Array(Math.round(seconds * MATERIAL_HZ));
  // Begin within an utterance.
  let at = -Math.round(random.between(0, 0.5) * MATERIAL_HZ);
  while (at < out.length) {
    const utterance = voice.recordings[random.below(voice.recordings.length)]!;
    add(out, utterance, at, 1 / 32768);
    at += utterance.length + Math.round(pause(random) * MATERIAL_HZ);
  }
  return out;
}

/** Seconds between two utterances: mostly short, 8 % of them long. */
function pause(random: Random): number {
  return random.chance(0.08) ? random.between(0.8, 1.6) : random.between(0.08, 0.6);
}

/** A stretch of one random recording, or of several if one is too short. */
export function musicStretch(collection: Material, seconds: number, random: Random): Float32Array {
  const out = new Float32Array(Math.round(seconds * MATERIAL_HZ));
  for (let at = 0; at < out.length; ) {
    const piece = collection.recordings[random.below(collection.recordings.length)]!;
    const spare = piece.length - (out.length - at);
    const from = spare > 0 ? random.below(spare + 1) : 0;
    add(out, piece.subarray(from, from + out.length - at), at, 1 / 32768);
    at += piece.length - from;
  }
  return out;
}

/** Mixes `under` into `over`, in place, `softerDb` dB below its level. */
export function mixUnder(over: Float32Array, under: Float32Array, softerDb: number): void {
  const gain = (activeLevel(over) / Math.max(1e-9, activeLevel(under))) * 10 ** (-softerDb / 20);
  for (let i = 0; i < over.length; i++) over[i]! += gain * under[i]!;
}

function add(out: Float32Array, piece: Int16Array, at: number, gain: number): void {
  const from = Math.max(0, -at);
  const to = Math.min(piece.length, out.length - at);
  for (let i = from; i < to; i++) out[at + i]! += gain * piece[i]!;
}
