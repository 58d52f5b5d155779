import type { NoteEvent } from './score.ts';
import { TABLE_LENGTH, TIMBRES, waveTable } from './timbre.ts';
import type { Voice } from './voice.ts';

/** Two of the same note, a few cents apart, sound warmer than one. */
const DETUNE_CENTS = 4;
const SILENCE = 1e-4;
/** Pitch is set anew this often, in samples; vibrato needs no more. */
const CONTROL_FRAMES = 32;

/** A note: a pair of wave tables under a rise, a fall while held, and a release. */
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
  const gainLeft = note.gain * Math.cos(((note.pan + 1) * Math.PI) / 4);
  const gainRight = note.gain * Math.sin(((note.pan + 1) * Math.PI) / 4);

  let phaseA = 0;
  let phaseB = TABLE_LENGTH / 3;
  let incrementA = increment / detune;
  let incrementB = increment * detune;
  let envelope = 0;
  let frame = 0;

  return {
    render(left, right, from, frames) {
      for (let i = from; i < from + frames; i++) {
        if (frame < attackFrames) envelope += 1 / attackFrames;
        else envelope *= frame < heldFrames ? decayFactor : releaseFactor;
        if (shape.vibrato > 0 && frame % CONTROL_FRAMES === 0) {
          // Vibrato comes in late, as a player's does.
          const depth = shape.vibrato * Math.min(1, frame / sampleRateHz);
          const bend = 2 ** ((depth * Math.sin((2 * Math.PI * 5 * frame) / sampleRateHz)) / 1200);
          incrementA = (bend * increment) / detune;
          incrementB = bend * increment * detune;
        }
        frame++;
        const a = phaseA | 0;
        const b = phaseB | 0;
        const valueA = table[a]! + (phaseA - a) * (table[a + 1]! - table[a]!);
        const valueB = table[b]! + (phaseB - b) * (table[b + 1]! - table[b]!);
        phaseA += incrementA;
        if (phaseA >= TABLE_LENGTH) phaseA -= TABLE_LENGTH;
        phaseB += incrementB;
        if (phaseB >= TABLE_LENGTH) phaseB -= TABLE_LENGTH;
        const value = 0.5 * envelope * (valueA + valueB);
        left[i] = left[i]! + gainLeft * value;
        right[i] = right[i]! + gainRight * value;
      }
      return frame < heldFrames || envelope > SILENCE;
    },
  };
}
