import { STEP_SECONDS } from '../../src/types.ts';
import type { Random } from '../train/random.ts';
import { layUnder, play, talk } from './broadcast.ts';
import type { Kind } from './catalogue.ts';
import { randomChannel, transmit } from './channel.ts';
import { MATERIAL_HZ, type Material } from './material.ts';

/** Sound with what it is at each step. */
export interface Scene {
  /** Mono, MATERIAL_HZ. */
  readonly samples: Float32Array;
  /** One per step: whether it is speech; undefined where it is not asked, as within a change. */
  readonly labels: readonly (Kind | undefined)[];
}

/** A voice at least so many dB above the music under it is speech; music at least so many above a voice is music. */
export const DOMINANT_DB = 6;
/** Steps at the beginning and after each change that are not asked: nothing can be known yet. */
const UNASKED_STEPS = 2;
/** Share of stretches of talk with music under them, of music with a voice far under it. */
const TALK_OVER = 0.3;
const VOICE_UNDER = 0.05;

/** Talk and music by turns, each through a channel of its own or all through one, as in no order anyone planned. */
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
    labels.fill(kind, step + UNASKED_STEPS, step + length);
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
    const speech = talk(pick(material, 'speech', random), seconds, random);
    if (random.chance(TALK_OVER)) {
      const bed = play(pick(material, 'music', random), seconds, random);
      layUnder(speech, bed, random.between(DOMINANT_DB, 25));
    }
    return speech;
  }
  const music = play(pick(material, 'music', random), seconds, random);
  if (random.chance(VOICE_UNDER)) {
    const voice = talk(pick(material, 'speech', random), seconds, random);
    layUnder(music, voice, random.between(DOMINANT_DB, 20));
  }
  return music;
}

/** The more there is of a source the more often it is heard, but not in proportion: each voice counts. */
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

/** Half of the stretches begin and end hard, the others within a second. */
function fade(samples: Float32Array, random: Random): void {
  const length = random.chance(0.5) ? 0.01 * MATERIAL_HZ : random.between(0.1, 1) * MATERIAL_HZ;
  for (let i = 0; i < Math.min(length, samples.length); i++) {
    const gain = i / length;
    samples[i]! *= gain;
    samples[samples.length - 1 - i]! *= gain;
  }
}

/** Each recording as it is, from a fresh state, music from the first step on. */
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
