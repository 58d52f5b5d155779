import { openRecording } from '../../src/stream/sources/index.ts';
import { type Source, STEP_SECONDS } from '../../src/types.ts';
import { audioHash } from '../train/cache/fingerprint.ts';
import { Random } from '../train/random.ts';
import { joinedSource, type Stretch } from './joined-source.ts';
import { FOLDS, type Piece } from './pieces.ts';

/** Longest part of a recording that is used, so that a few long ones do not outweigh the others. */
const LONGEST_SECONDS = 300;
/** Length of a sequence of joined stretches. */
const SEQUENCE_SECONDS = 240;
/** Share of the time that is joined stretches, of 41 s on average: songs change every 3.5 minutes, as on the radio. */
const JOINED_SHARE = 0.2;
/** Stretches last this long in seconds, evenly distributed on a logarithmic scale. */
const STRETCH_SECONDS = [8, 120] as const;
/** Length of a passage from the middle of a recording. */
const PASSAGE_SECONDS = 60;
/** Stretches and passages begin within this time of a recording. */
const LATEST_START_SECONDS = 150;
const GAIN_SD_DB = 3;

/** Audio whose readings are computed: a recording, or stretches of several recordings of one fold. */
export interface Material {
  readonly name: string;
  readonly fold: number;
  readonly joined: boolean;
  /** Most steps to compute. */
  readonly steps: number;
  /** Everything that the audio depends on. */
  key(): Promise<string>;
  open(): Source;
}

/**
 * Draws material for the given hours: whole recordings and passages in random order, and sequences with cuts, crossfades and pauses.
 * Recordings may be shorter than expected: whoever computes the readings stops at `hours`.
 */
export function drawMaterial(
  { music, clips }: { readonly music: readonly Piece[]; readonly clips: readonly Piece[] },
  { hours, seed }: { readonly hours: number; readonly seed: number },
): {
  readonly whole: readonly Material[];
  readonly joined: readonly Material[];
  readonly shares: readonly [number, number];
} {
  const random = new Random(seed);
  const pieces = music.length > 0 ? music : clips;
  const whole = random.permutation(pieces.length).map((i) => recordingOf(pieces[i]!, random));
  const count = Math.ceil((JOINED_SHARE * hours * 3600) / SEQUENCE_SECONDS);
  const byFold = Array.from({ length: FOLDS }, (_, fold) =>
    [music, clips].map((all) => all.filter((piece) => piece.fold === fold)).filter((some) => some.length > 0),
  );
  const joined = Array.from({ length: Math.max(FOLDS, count) }, (_, i) =>
    sequenceOf(byFold[i % FOLDS]!, i, random),
  );
  return { whole, joined, shares: [1 - JOINED_SHARE, JOINED_SHARE] };
}

/** Of half of them a passage from the middle, since streams begin there: openings are quieter than what follows. */
function recordingOf(piece: Piece, random: Random): Material {
  const from = random.chance(0.5) ? 0 : Math.ceil(random.between(0, LATEST_START_SECONDS));
  const passage = { piece, from, seconds: PASSAGE_SECONDS, gainDb: 0, overlap: 0 };
  return {
    name: piece.name,
    fold: piece.fold,
    joined: false,
    steps: LONGEST_SECONDS / STEP_SECONDS,
    key: async () => `${await audioHash(piece.path)}/${from}`,
    open: () => (from === 0 ? openRecording(piece.path).source : joinedSource([passage])),
  };
}

/** @param kinds music, then clips of the fold; each is drawn equally often */
function sequenceOf(kinds: readonly (readonly Piece[])[], index: number, random: Random): Material {
  const stretches: Stretch[] = [];
  let seconds = 0;
  while (seconds < SEQUENCE_SECONDS) {
    const pieces = kinds[random.below(kinds.length)]!;
    const [shortest, longest] = STRETCH_SECONDS;
    const stretch = {
      piece: pieces[random.below(pieces.length)]!,
      from: Math.floor(random.between(0, LATEST_START_SECONDS)),
      seconds: Math.round(shortest * (longest / shortest) ** random.next()),
      gainDb: Math.round(GAIN_SD_DB * random.normal()),
      overlap: stretches.length === 0 ? 0 : drawOverlap(random),
    };
    stretches.push(stretch);
    seconds += stretch.seconds - stretch.overlap;
  }
  return {
    name: `sequence ${index + 1}`,
    fold: stretches[0]!.piece.fold,
    joined: true,
    steps: SEQUENCE_SECONDS / STEP_SECONDS,
    async key() {
      const hashes = await Promise.all(stretches.map(({ piece }) => audioHash(piece.path)));
      return JSON.stringify(stretches.map((stretch, i) => ({ ...stretch, piece: hashes[i] })));
    },
    open: () => joinedSource(stretches),
  };
}

/** Half of the changes are crossfades of 1 to 6 s, a quarter cuts, a quarter pauses of up to 3 s. */
function drawOverlap(random: Random): number {
  if (random.chance(0.5)) return random.between(1, 6);
  return random.chance(0.5) ? 0 : -random.between(0.5, 3);
}
