import { STEP_SECONDS } from '../../src/types.ts';
import type { Random } from '../train/random.ts';
import { mixUnder, musicStretch, speechStretch } from './broadcast.ts';
import type { Kind } from './catalog.ts';
import { randomChannel, transmit } from './channel.ts';
import { MATERIAL_HZ, type Material } from './material.ts';

/** Audio with a label for each step. */
export interface Scene {
  /** Mono at MATERIAL_HZ. */
  readonly samples: Float32Array;
  /** One per step; undefined without a label, as after a change. */
  readonly labels: readonly (Kind | undefined)[];
}

/** Where speech and music are mixed, the one that is at least this much louder gives the label. */
const DOMINANT_DB = 6;
/** Steps without a label at the beginning and after each change, as the kind cannot be known yet. */
const UNLABELED_STEPS = 2;
/** Share of stretches of speech with background music. */
const TALK_OVER = 0.3;
/** Share of stretches of music with a soft voice. */
const VOICE_UNDER = 0.05;

/** Draws a scene: speech and music in random order, each stretch through its own channel or all through the same one. */
export function randomScene(material: readonly Material[], steps: number, random: Random): Scene {
  const samples = new Float32Array(steps * STEP_SECONDS * MATERIAL_HZ);
  const labels: (Kind | undefined)[] = Array.from({ length: steps });
  const alone = random.chance(0.2);
  const ownChannels = random.chance(0.75);
  let kind: Kind = random.chance(0.5) ? 'speech' : 'music';
  for (let step = 0; step < steps; kind = random.chance(0.85) ? other(kind) : kind) {
    const length = alone ? steps : Math.min(steps - step, 6 + random.below(35));
    const stretch = randomStretch(material, kind, length * STEP_SECONDS, random);
    if (ownChannels) transmit(stretch, randomChannel(random), random);
    fade(stretch, random);
    samples.set(stretch, step * STEP_SECONDS * MATERIAL_HZ);
    labels.fill(kind, step + UNLABELED_STEPS, step + length);
    step += length;
  }
  if (!ownChannels || random.chance(0.3)) transmit(samples, randomChannel(random), random);
  return { samples, labels };
}

function other(kind: Kind): Kind {
  return kind === 'speech' ? 'music' : 'speech';
}

function randomStretch(
  material: readonly Material[],
  kind: Kind,
  seconds: number,
  random: Random,
): Float32Array {
  if (kind === 'speech') {
    const speech = speechStretch(pick(material, 'speech', random), seconds, random);
    if (random.chance(TALK_OVER)) {
      const bed = musicStretch(pick(material, 'music', random), seconds, random);
      mixUnder(speech, bed, random.between(DOMINANT_DB, 25));
    }
    return speech;
  }
  const music = musicStretch(pick(material, 'music', random), seconds, random);
  if (random.chance(VOICE_UNDER)) {
    const voice = speechStretch(pick(material, 'speech', random), seconds, random);
    mixUnder(music, voice, random.between(DOMINANT_DB, 20));
  }
  return music;
}

/** Picks a source with a probability proportional to the square root of its length. */
function pick(material: readonly Material[], kind: Kind, random: Random): Material {
  const candidates = material.filter((one) => one.kind === kind);
  const weights = candidates.map(({ seconds }) => Math.sqrt(seconds));
  let left = random.next() * weights.reduce((a, b) => a + b, 0);
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return candidates[i]!;
  }
  return candidates.at(-1)!;
}

/** Fades a stretch in and out: half of them within 10 ms, the others within up to a second. */
function fade(samples: Float32Array, random: Random): void {
  const length = random.chance(0.5) ? 0.01 * MATERIAL_HZ : random.between(0.1, 1) * MATERIAL_HZ;
  for (let i = 0; i < Math.min(length, samples.length); i++) {
    const gain = i / length;
    samples[i]! *= gain;
    samples[samples.length - 1 - i]! *= gain;
  }
}

/** One scene per recording, unchanged and labeled as music from the first step on. */
export function plainMusic({ recordings }: Material): Scene[] {
  return recordings.map((recording) => {
    const steps = Math.floor(recording.length / (STEP_SECONDS * MATERIAL_HZ));
    const samples = Float32Array.from(
      recording.subarray(0, steps * STEP_SECONDS * MATERIAL_HZ),
      (x) => x / 32768,
    );
    return { samples, labels: Array.from({ length: steps }, () => 'music' as const) };
  });
}
