import type { NoteEvent } from './score.ts';
import { TABLE_LENGTH, TIMBRES, waveTable } from './timbre.ts';

/**
 * One sounding note or drum hit. `render` adds its next `frames` samples to `left` and `right` from index `from` on,
 * and returns false once it has died away.
 */
export interface Voice {
  render(left: Float32Array, right: Float32Array, from: number, frames: number): boolean;
}

/** Two oscillators a few cents apart sound warmer than one. */
const DETUNE_CENTS = 4;
/** 60 dB down: not audible under the rest. */
const SILENCE = 1e-3;
/** Samples between two updates of the pitch; vibrato needs no more. */
const CONTROL_FRAMES = 32;

/** A note: two wave-table oscillators with an envelope of attack, decay while held, and release. */
export function createTone(note: NoteEvent, sampleRateHz: number): Voice {
  const shape = TIMBRES[note.timbre];
  const frequencyHz = 440 * 2 ** ((note.midi - 69) / 12);
  const table = waveTable(note.timbre, frequencyHz, sampleRateHz);
  const increment = (frequencyHz * TABLE_LENGTH) / sampleRateHz;
  const detune = 2 ** (DETUNE_CENTS / 1200);
  const attackFrames = Math.max(1, Math.round((note.attack ?? shape.attack) * sampleRateHz));
  const heldFrames = Math.max(attackFrames, Math.round(note.seconds * sampleRateHz));
  const decayFactor = Math.exp(-1 / (shape.decay * sampleRateHz));
  const releaseFactor = Math.exp(-4 / (shape.release * sampleRateHz));
  const gainLeft = 0.5 * note.gain * Math.cos(((note.pan + 1) * Math.PI) / 4);
  const gainRight = 0.5 * note.gain * Math.sin(((note.pan + 1) * Math.PI) / 4);

  let phaseA = 0;
  let phaseB = TABLE_LENGTH / 3;
  let incrementA = increment / detune;
  let incrementB = increment * detune;
  let envelope = 0;
  let frame = 0;

  return {
    render(left, right, from, frames) {
      // In local variables, which the JavaScript engine keeps in registers.
      let [a, b, stepA, stepB, level, at] = [phaseA, phaseB, incrementA, incrementB, envelope, frame];
      for (let i = from; i < from + frames; i++, at++) {
        if (at < attackFrames) level += 1 / attackFrames;
        else level *= at < heldFrames ? decayFactor : releaseFactor;
        if (shape.vibrato > 0 && at % CONTROL_FRAMES === 0) {
          // Vibrato fades in over a second, as players do it.
          const depth = shape.vibrato * Math.min(1, at / sampleRateHz);
          const bend = 2 ** ((depth * Math.sin((2 * Math.PI * 5 * at) / sampleRateHz)) / 1200);
          stepA = (bend * increment) / detune;
          stepB = bend * increment * detune;
        }
        const value = level * (lookUp(table, a) + lookUp(table, b));
        a += stepA;
        if (a >= TABLE_LENGTH) a -= TABLE_LENGTH;
        b += stepB;
        if (b >= TABLE_LENGTH) b -= TABLE_LENGTH;
        left[i] = left[i]! + gainLeft * value;
        right[i] = right[i]! + gainRight * value;
      }
      [phaseA, phaseB, incrementA, incrementB, envelope, frame] = [a, b, stepA, stepB, level, at];
      return frame < heldFrames || envelope > SILENCE;
    },
  };
}

/** Linear interpolation between two points of the table. */
function lookUp(table: Float32Array, phase: number): number {
  const i = phase | 0;
  const value = table[i]!;
  return value + (phase - i) * (table[i + 1]! - value);
}
