import type { Timbre } from './timbre.ts';

export type Mood = 'calm' | 'joyful' | 'tense' | 'sad';

export type DrumHit = 'kick' | 'snare' | 'hat' | 'tom';

/**
 * How a passage expresses its mood, by the cues that listeners are known to use: tempo, loudness, mode, register,
 * articulation, brightness, dissonance.
 */
export interface Character {
  readonly beatsPerMinute: number;
  readonly beatsPerBar: 3 | 4;
  /** Steps of the scale in semitones above its root. */
  readonly scale: readonly number[];
  /** MIDI note of the scale's root, in the octave of the bass. */
  readonly root: number;
  /** Chord progressions to choose from: the root of each bar's chord, as a step of the scale. */
  readonly progressions: readonly (readonly number[])[];
  /** Notes of a chord, as steps of the scale above its root. */
  readonly chord: readonly number[];
  /** Dissonant notes added to the chord, in semitones above its root. */
  readonly clash: readonly number[];
  readonly pad: { readonly timbre: Timbre; readonly gain: number; readonly attack: number };
  readonly bass: {
    readonly timbre: Timbre;
    readonly gain: number;
    /** Beats of the bar on which it plays. */
    readonly beats: readonly number[];
  };
  readonly melody: {
    readonly timbre: Timbre;
    readonly gain: number;
    /** Octaves above the bass. */
    readonly octave: number;
    /** Note lengths in beats, to choose from. */
    readonly lengths: readonly number[];
    /** Probability of a rest instead of a note. */
    readonly rests: number;
    /** How long a note sounds, as a share of its length: below 1 is staccato. */
    readonly legato: number;
    /** Direction: -1 always falls, 1 always rises. */
    readonly lean: number;
  };
  /** Sixteenths of the bar with a hit; `null` without percussion. */
  readonly drums: Readonly<Partial<Record<DrumHit, readonly number[]>>> | null;
  readonly reverb: number;
  /** Gain of the whole passage. */
  readonly level: number;
}

export const CHARACTERS: Readonly<Record<Mood, Character>> = {
  /** Low arousal, positive valence: slow, soft, major pentatonic, long notes, no drums. */
  calm: {
    beatsPerMinute: 58,
    beatsPerBar: 4,
    scale: [0, 2, 4, 7, 9],
    root: 41,
    progressions: [
      [0, 3, 1, 0],
      [0, 2, 3, 2],
    ],
    chord: [0, 1, 2, 3],
    clash: [],
    pad: { timbre: 'soft', gain: 0.05, attack: 1.6 },
    bass: { timbre: 'soft', gain: 0.1, beats: [0] },
    melody: { timbre: 'pluck', gain: 0.07, octave: 3, lengths: [1, 2, 3], rests: 0.45, legato: 1.6, lean: 0 },
    drums: null,
    reverb: 0.5,
    level: 1,
  },
  /** High arousal, positive valence: fast, loud, major, bright, short high notes, a dance beat. */
  joyful: {
    beatsPerMinute: 132,
    beatsPerBar: 4,
    scale: [0, 2, 4, 5, 7, 9, 11],
    root: 48,
    progressions: [
      [0, 4, 5, 3],
      [0, 3, 4, 4],
      [0, 5, 3, 4],
    ],
    chord: [0, 2, 4, 7],
    clash: [],
    pad: { timbre: 'reed', gain: 0.055, attack: 0.02 },
    bass: { timbre: 'reed', gain: 0.2, beats: [0, 0.75, 1.5, 2, 2.75, 3.5] },
    melody: {
      timbre: 'bell',
      gain: 0.22,
      octave: 3,
      lengths: [0.5, 0.5, 1],
      rests: 0.12,
      legato: 0.6,
      lean: 0.15,
    },
    drums: {
      kick: [0, 4, 8, 12],
      snare: [4, 12],
      hat: [0, 2, 4, 6, 8, 10, 12, 14],
    },
    reverb: 0.14,
    level: 1.5,
  },
  /** High arousal, negative valence: fast, loud, low and harsh, with semitones and tritones. */
  tense: {
    beatsPerMinute: 148,
    beatsPerBar: 4,
    scale: [0, 1, 3, 4, 6, 7, 10],
    root: 36,
    progressions: [
      [0, 0, 1, 0],
      [0, 4, 1, 4],
    ],
    chord: [0, 2, 4],
    clash: [1, 6],
    pad: { timbre: 'brass', gain: 0.06, attack: 0.3 },
    bass: { timbre: 'brass', gain: 0.22, beats: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5] },
    melody: {
      timbre: 'brass',
      gain: 0.13,
      octave: 2,
      lengths: [0.5, 0.25, 0.25, 1.5],
      rests: 0.25,
      legato: 0.8,
      lean: 0,
    },
    drums: { kick: [0, 3, 6, 10], tom: [2, 5, 8, 11, 13, 14, 15], snare: [7] },
    reverb: 0.25,
    level: 1.5,
  },
  /** Low arousal, negative valence: very slow, quiet, minor, a dark falling melody, legato. */
  sad: {
    beatsPerMinute: 50,
    beatsPerBar: 3,
    scale: [0, 2, 3, 5, 7, 8, 10],
    root: 38,
    progressions: [
      [0, 5, 3, 4],
      [0, 6, 5, 4],
    ],
    chord: [0, 2, 4],
    clash: [],
    pad: { timbre: 'soft', gain: 0.055, attack: 0.9 },
    bass: { timbre: 'soft', gain: 0.12, beats: [0] },
    melody: {
      timbre: 'bow',
      gain: 0.1,
      octave: 1,
      lengths: [1, 1, 2],
      rests: 0.15,
      legato: 1.05,
      lean: -0.5,
    },
    drums: null,
    reverb: 0.42,
    level: 1,
  },
};
