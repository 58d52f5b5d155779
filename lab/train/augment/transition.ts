import { MEL_BANDS } from '../../../src/stream/mel.ts';
import type { Clip } from '../../datasets/song.ts';
import { MEL_PARTS, type StoredMel } from '../features/stored.ts';
import { Random } from '../random.ts';
import { gainTable } from './spectral.ts';

export interface TransitionOptions {
  /**
   * Number of variants of each clip that begin with the end of another song, besides the clip alone: with a cut, a
   * crossfade, a pause or speech in between, and with different levels.
   */
  readonly passages: number;
  /** Standard deviation of the level of each of the two songs, in dB. */
  readonly passageGainDb: number;
  /** Folders with recordings of speech; without any there are no transitions with speech. */
  readonly speech: readonly string[];
}

/** How one song changes to another. */
export interface Transition {
  readonly before: Clip;
  readonly kind: 'cut' | 'crossfade' | 'pause' | 'speech';
  /** Length of the crossfade, the pause or the speech; 0 for a cut. */
  readonly steps: number;
  /** Of the song before, and of the clip. */
  readonly gainDb: readonly [number, number];
  /** The recording of speech, and where in it to start, 0 to 1. */
  readonly talk?: { readonly path: string; readonly from: number };
}

/** Steps of the song before: a little more than the window of a step. */
export const BEFORE_STEPS = 8;
/** Shortest and longest, in steps. */
const LENGTHS = { cut: [0, 0], crossfade: [2, 8], pause: [1, 6], speech: [4, 10] } as const;

/**
 * Draws transitions to a clip. They depend on the clip's name only, not on the seed of the training, so that every
 * training finds their features in the cache.
 *
 * @param others candidates for the song before
 * @param speech recordings of speech
 */
export function drawTransitions(
  clip: Clip,
  others: readonly Clip[],
  speech: readonly string[],
  { passages, passageGainDb }: TransitionOptions,
): Transition[] {
  const kinds = (['cut', 'crossfade', 'pause', 'speech'] as const).slice(0, speech.length > 0 ? 4 : 3);
  return Array.from({ length: passages }, (_, i) => {
    const random = Random.of(`passage/${clip.file}/${i}`);
    const kind = kinds[random.below(kinds.length)]!;
    const [shortest, longest] = LENGTHS[kind];
    const level = () => Math.round(passageGainDb * random.normal());
    return {
      before: others[random.below(others.length)]!,
      kind,
      steps: shortest + random.below(longest - shortest + 1),
      gainDb: [level(), level()] as const,
      ...(kind === 'speech' && { talk: { path: speech[random.below(speech.length)]!, from: random.next() } }),
    };
  });
}

export interface TransitionMel {
  readonly mel: StoredMel;
  /** First step of the clip. */
  readonly clipStep: number;
  /** First step without the song before: from here on the clip's labels hold. */
  readonly labelStep: number;
}

/** Joins the end of the song before, what lies in between, and the whole clip. */
export function applyTransition(
  { kind, steps, gainDb }: Transition,
  before: StoredMel,
  clip: StoredMel,
  talk?: { readonly mel: StoredMel; readonly from: number },
): TransitionMel {
  const fade = kind === 'crossfade' ? Math.min(steps, clip.ends.length - 1, before.ends.length - 1) : 0;
  const old = withGain(before, gainDb[0]);
  const after = withGain(clip, gainDb[1]);
  const cut = before.ends.length - fade;
  const first = Math.max(0, cut - BEFORE_STEPS);
  const pieces = [cutSteps(old, first, cut)];
  if (kind === 'pause') pieces.push(silence(steps));
  if (talk) {
    const begin = Math.floor(talk.from * Math.max(1, talk.mel.ends.length - steps));
    pieces.push(cutSteps(talk.mel, begin, Math.min(talk.mel.ends.length, begin + steps)));
  }
  if (fade > 0) pieces.push(crossfade(cutSteps(old, cut, cut + fade), cutSteps(after, 0, fade)));
  pieces.push(cutSteps(after, fade, after.ends.length));
  const mel = join(pieces);
  const clipStep = mel.ends.length - clip.ends.length;
  return { mel, clipStep, labelStep: clipStep + fade };
}

function withGain({ frames, ends }: StoredMel, gainDb: number): StoredMel {
  const table = gainTable(gainDb);
  return { frames: frames.map((value) => Math.min(0xffff, Math.round(table[value]! * MEL_PARTS))), ends };
}

function cutSteps({ frames, ends }: StoredMel, from: number, to: number): StoredMel {
  const first = ends[from - 1] ?? 0;
  return {
    frames: frames.subarray(first * MEL_BANDS, (ends[to - 1] ?? first) * MEL_BANDS),
    ends: ends.slice(from, to).map((end) => end - first),
  };
}

function silence(steps: number): StoredMel {
  const ends = Uint16Array.from({ length: steps }, (_, step) => Math.round(31.25 * (step + 1)));
  return { frames: new Uint16Array(ends.at(-1)! * MEL_BANDS), ends };
}

/** Adds powers; the old one falls as the new one rises, both linearly. The new one gives the length. */
function crossfade(old: StoredMel, { frames, ends }: StoredMel): StoredMel {
  const count = frames.length / MEL_BANDS;
  const power = (value: number) => 10 ** (value / MEL_PARTS) - 1;
  const mixed = frames.map((value, i) => {
    const risen = (Math.floor(i / MEL_BANDS) + 1) / (count + 1);
    const sum = risen * power(value) + (1 - risen) * power(old.frames[i] ?? 0);
    return Math.round(Math.log10(1 + sum) * MEL_PARTS);
  });
  return { frames: mixed, ends };
}

function join(pieces: readonly StoredMel[]): StoredMel {
  const frames = new Uint16Array(pieces.reduce((sum, piece) => sum + piece.frames.length, 0));
  const ends: number[] = [];
  let at = 0;
  for (const piece of pieces) {
    frames.set(piece.frames, at);
    for (const end of piece.ends) ends.push(at / MEL_BANDS + end);
    at += piece.frames.length;
  }
  return { frames, ends: Uint16Array.from(ends) };
}
