import type { DrumHit } from './character.ts';
import type { DrumEvent } from './score.ts';
import type { Voice } from './tone.ts';

interface DrumShape {
  readonly gain: number;
  /** Seconds to fall to a third. */
  readonly decay: number;
  /** Pitch of the drumhead in Hz, at the hit and after it; 0 if it has none. */
  readonly pitch: readonly [start: number, end: number];
  /** Share of noise, 0 … 1, and how much of its low frequencies is removed. */
  readonly noise: number;
  readonly highPass: number;
}

const SHAPES: Readonly<Record<DrumHit, DrumShape>> = {
  kick: { gain: 0.55, decay: 0.11, pitch: [160, 46], noise: 0.03, highPass: 0 },
  snare: { gain: 0.24, decay: 0.08, pitch: [230, 180], noise: 0.75, highPass: 0.3 },
  hat: { gain: 0.11, decay: 0.03, pitch: [0, 0], noise: 1, highPass: 0.9 },
  tom: { gain: 0.34, decay: 0.14, pitch: [150, 78], noise: 0.1, highPass: 0 },
};

/** 60 dB down: not audible under the rest. */
const SILENCE = 1e-3;
/** Seconds in which the drumhead falls to its lower pitch. */
const PITCH_FALL = 0.03;

/** A drum hit: a sine that falls in pitch, mixed with noise. */
export function createDrum(hit: DrumEvent, sampleRateHz: number): Voice {
  const shape = SHAPES[hit.hit];
  // Seeded with the time of the hit: every hit differs a little, and a replay is identical.
  let seed = Math.round(hit.at * 1000) | 1;
  const factor = Math.exp(-1 / (shape.decay * sampleRateHz));
  const pitchFactor = Math.exp(-1 / (PITCH_FALL * sampleRateHz));
  const gain = hit.gain * shape.gain;
  const gainLeft = gain * Math.cos(((hit.pan + 1) * Math.PI) / 4);
  const gainRight = gain * Math.sin(((hit.pan + 1) * Math.PI) / 4);
  const [startHz, endHz] = shape.pitch;
  let bendHz = startHz - endHz;
  let phase = 0;
  let low = 0;
  let envelope = 1;

  return {
    render(left, right, from, frames) {
      // In local variables, which the JavaScript engine keeps in registers.
      let [random, angle, bend, lows, level] = [seed, phase, bendHz, low, envelope];
      for (let i = from; i < from + frames; i++) {
        random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0;
        const white = random / 2_147_483_648;
        lows += (1 - shape.highPass) * (white - lows);
        const hiss = shape.highPass > 0 ? white - lows : lows;
        const head = endHz > 0 ? Math.sin(angle) : 0;
        angle += ((endHz + bend) * 2 * Math.PI) / sampleRateHz;
        bend *= pitchFactor;
        const value = level * ((1 - shape.noise) * head + shape.noise * hiss);
        level *= factor;
        left[i] = left[i]! + gainLeft * value;
        right[i] = right[i]! + gainRight * value;
      }
      [seed, phase, bendHz, low, envelope] = [random, angle, bend, lows, level];
      return envelope > SILENCE;
    },
  };
}
