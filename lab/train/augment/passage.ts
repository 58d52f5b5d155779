import { createHash } from 'node:crypto';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import type { Clip } from '../../datasets/song.ts';
import { type ClipMel, MEL_PARTS } from '../features/stored.ts';
import { Random } from '../random.ts';
import { gainTable } from './spectral.ts';

export interface PassageOptions {
  /**
   * How many renderings of each clip come after the end of another song, besides the clip by itself: cut,
   * faded over, after a pause or after speech, and not at the same level.
   */
  readonly passages: number;
  /** Standard deviation of the level of each of the two songs, in dB. */
  readonly passageGainDb: number;
  /** Folders with recordings of speech; without any nobody speaks between songs. */
  readonly speech: readonly string[];
}

/** How one song follows another. */
export interface Passage {
  readonly before: Clip;
  readonly kind: 'cut' | 'crossfade' | 'pause' | 'speech';
  /** Of the fade or of what lies between; 0 for a cut. */
  readonly steps: number;
  /** Of the song before, and of the clip. */
  readonly gainDb: readonly [number, number];
  /** What is spoken, and from which part of it on, 0 to 1. */
  readonly talk?: { readonly path: string; readonly from: number };
}

/** What is heard of the song before, in steps: a little more than the window of a step. */
export const BEFORE_STEPS = 8;
/** Shortest and longest, in steps. */
const LENGTHS = { cut: [0, 0], crossfade: [2, 8], pause: [1, 6], speech: [4, 10] } as const;

/**
 * The same passages to a clip in every training on the same music, whatever its seed, so that the cache has them.
 *
 * @param others songs that may come before
 * @param talks recordings of speech
 */
export function passagesTo(
  clip: Clip,
  others: readonly Clip[],
  talks: readonly string[],
  { passages, passageGainDb }: PassageOptions,
): Passage[] {
  const kinds = (['cut', 'crossfade', 'pause', 'speech'] as const).slice(0, talks.length > 0 ? 4 : 3);
  return Array.from({ length: passages }, (_, i) => {
    const hash = createHash('sha256').update(`passage/${clip.file}/${i}`).digest();
    const random = new Random(hash.readUInt32BE(0));
    const kind = kinds[random.below(kinds.length)]!;
    const [shortest, longest] = LENGTHS[kind];
    const level = () => Math.round(passageGainDb * random.normal());
    return {
      before: others[random.below(others.length)]!,
      kind,
      steps: shortest + random.below(longest - shortest + 1),
      gainDb: [level(), level()] as const,
      ...(kind === 'speech' && { talk: { path: talks[random.below(talks.length)]!, from: random.next() } }),
    };
  });
}

export interface PlayedPassage {
  readonly mel: ClipMel;
  /** Step with which the clip begins, and the step from which on it is heard alone. */
  readonly begins: number;
  readonly alone: number;
}

/** Plays the end of the song before, what lies between, and the whole clip. */
export function playPassage(
  { kind, steps, gainDb }: Passage,
  before: ClipMel,
  clip: ClipMel,
  talk?: { readonly mel: ClipMel; readonly from: number },
): PlayedPassage {
  const fade = kind === 'crossfade' ? Math.min(steps, clip.ends.length - 1, before.ends.length - 1) : 0;
  const old = louder(before, gainDb[0]);
  const after = louder(clip, gainDb[1]);
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
  const begins = mel.ends.length - clip.ends.length;
  return { mel, begins, alone: begins + fade };
}

function louder({ frames, ends }: ClipMel, gainDb: number): ClipMel {
  const table = gainTable(gainDb);
  return { frames: frames.map((value) => Math.min(0xffff, Math.round(table[value]! * MEL_PARTS))), ends };
}

function cutSteps({ frames, ends }: ClipMel, from: number, to: number): ClipMel {
  const first = ends[from - 1] ?? 0;
  return {
    frames: frames.subarray(first * MEL_BANDS, (ends[to - 1] ?? first) * MEL_BANDS),
    ends: ends.slice(from, to).map((end) => end - first),
  };
}

function silence(steps: number): ClipMel {
  const ends = Uint16Array.from({ length: steps }, (_, step) => Math.round(31.25 * (step + 1)));
  return { frames: new Uint16Array(ends.at(-1)! * MEL_BANDS), ends };
}

/** Powers add; that of the old falls as that of the new rises. The new gives the length. */
function crossfade(old: ClipMel, { frames, ends }: ClipMel): ClipMel {
  const count = frames.length / MEL_BANDS;
  const power = (value: number) => 10 ** (value / MEL_PARTS) - 1;
  const mixed = frames.map((value, i) => {
    const risen = (Math.floor(i / MEL_BANDS) + 1) / (count + 1);
    const sum = risen * power(value) + (1 - risen) * power(old.frames[i] ?? 0);
    return Math.round(Math.log10(1 + sum) * MEL_PARTS);
  });
  return { frames: mixed, ends };
}

function join(pieces: readonly ClipMel[]): ClipMel {
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
